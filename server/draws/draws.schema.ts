import { z } from 'zod';
import { sku } from '../catalog/index.ts';
import { MOST_WINNERS, places } from './draws.rules.ts';

const liveId = z.string().regex(/^[0-9A-Za-z-]{3,64}$/);
export const drawId = z.string().regex(/^[0-9A-Za-z]{6,24}$/);

export const drawRef = z.strictObject({ liveId, drawId });
export const drawLiveRef = z.strictObject({ liveId });

const entry = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('comment'),
    keyword: z.string().trim().min(1, 'required').max(20, 'too_long'),
  }),
  z.strictObject({ kind: z.literal('watched'), minutes: z.int().min(1).max(240) }),
  z.strictObject({ kind: z.literal('bought') }),
]);

export const openDrawCommand = z.strictObject({
  liveId,
  entry,
  prizes: z
    .array(
      z.strictObject({
        sku,
        qty: z.int().min(1, 'qty_range').max(99, 'qty_range').default(1),
        winners: z.int().min(1, 'count_range').max(MOST_WINNERS, 'count_range'),
      }),
    )
    .min(1)
    .max(5)
    .refine((prizes) => places(prizes) <= MOST_WINNERS, 'count_range'),
  /** How long it can be entered. */
  seconds: z.int().min(10).max(7_200),
  /** How long a winner has to say where the prize goes. */
  claimHours: z.int().min(1).max(168).default(72),
});
export type OpenDrawCommand = z.infer<typeof openDrawCommand>;
