import { z } from 'zod';
import { sku } from '../catalog/index.ts';
import { slug } from '../cooperatives/index.ts';
import { LOT_FILTERS, WRITE_OFF_REASONS } from './lots.rules.ts';

const day = z.iso.date('date_shape');

const MOST = 1_000_000;
const pieces = z.int('pieces_range').min(1, 'pieces_range').max(MOST, 'pieces_range');

/** Minted when a form is drawn: the same form sent twice is one movement. */
const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');

export const lotCode = z
  .string()
  .trim()
  .regex(/^[A-Z0-9-]{3,20}$/, 'lot_code_shape');

const receive = {
  ...{ sku, code: lotCode, qty: pieces, madeOn: day, bestBefore: day.optional() },
  /** Not sent before this day: what is sold before it is there. */
  readyOn: day.optional(),
};

const inOrder = ({ madeOn, bestBefore }: { madeOn: string; bestBefore?: string | undefined }) =>
  bestBefore === undefined || madeOn < bestBefore;

const notBeforeMade = ({ madeOn, readyOn }: { madeOn: string; readyOn?: string | undefined }) =>
  readyOn === undefined || madeOn <= readyOn;

/** Without a best before, the product's shelf life says it. */
export const receiveLotCommand = z
  .strictObject({ ...receive, commandId: commandId.optional() })
  .refine(inOrder, { path: ['bestBefore'], error: 'best_before_early' })
  .refine(notBeforeMade, { path: ['readyOn'], error: 'ready_early' });
export type ReceiveLotCommand = z.infer<typeof receiveLotCommand>;

const optional = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());
const formPieces = z.preprocess((value) => (value === '' ? undefined : Number(value)), pieces);

export const receiveLotForm = z
  .strictObject({
    ...receive,
    code: z.preprocess((value) => (typeof value === 'string' ? value.toUpperCase() : value), lotCode),
    qty: formPieces,
    bestBefore: optional(day),
    readyOn: optional(day),
    commandId,
  })
  .refine(inOrder, { path: ['bestBefore'], error: 'best_before_early' })
  .refine(notBeforeMade, { path: ['readyOn'], error: 'ready_early' });

const why = z.string().trim().min(1, 'reason_missing').max(200, 'too_long');

export const adjustCommand = z.strictObject({
  commandId,
  direction: z.enum(['more', 'less']),
  qty: formPieces,
  why,
});
export type AdjustCommand = z.infer<typeof adjustCommand>;

export const writeOffCommand = z
  .strictObject({
    commandId,
    reason: z.enum(WRITE_OFF_REASONS),
    qty: formPieces,
    note: z.string().trim().max(180, 'too_long').default(''),
  })
  .refine(({ reason, note }) => reason !== 'other' || note !== '', {
    path: ['note'],
    error: 'reason_missing',
  });
export type WriteOffCommand = z.infer<typeof writeOffCommand>;

export const moveCommand = z.strictObject({
  commandId,
  to: z.preprocess((value) => (value === '' ? undefined : value), lotCode),
  qty: formPieces,
  why,
});
export type MoveCommand = z.infer<typeof moveCommand>;

/** From when the pieces can be sent; an empty day: at once. */
export const readyCommand = z.strictObject({ commandId, readyOn: optional(day), why });
export type ReadyCommand = z.infer<typeof readyCommand>;

export const blockCommand = z.strictObject({ commandId, why });
export type BlockCommand = z.infer<typeof blockCommand>;

export const stockQuery = z.object({
  coop: slug.optional(),
  show: z.enum(LOT_FILTERS).default('all'),
});

export const receiveQuery = z.object({ coop: slug.optional(), sku: sku.optional() });

export const lotQuery = z.object({ below: z.coerce.number().pipe(z.int().min(1)).optional() });
