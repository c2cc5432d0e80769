import { z } from 'zod';
import { sku } from '../catalog/index.ts';

const day = z.iso.date('date_shape');

export const receiveLotCommand = z
  .strictObject({
    sku,
    code: z
      .string()
      .trim()
      .regex(/^[A-Z0-9-]{3,20}$/, 'lot_code_shape'),
    qty: z.int().min(1).max(1_000_000),
    madeOn: day,
    bestBefore: day,
  })
  .refine(({ madeOn, bestBefore }) => madeOn < bestBefore, { path: ['bestBefore'], error: 'dates_swapped' });
export type ReceiveLotCommand = z.infer<typeof receiveLotCommand>;
