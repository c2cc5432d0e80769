import { z } from 'zod';

const why = z.string().trim().min(2, 'required').max(300, 'too_long');

export const refundRequestForm = z.object({ why });

const LINES = 50;

/** Pieces by the place of their line, out of fields such as `restock_0`. */
function piecesOf(fields: Record<string, unknown>, name: string): { line: number; qty: number }[] {
  return Array.from({ length: LINES }, (_item, line) => ({
    line,
    qty: Number(fields[`${name}_${line}`] ?? 0),
  })).filter(({ qty }) => qty > 0);
}

const pieces = z
  .string()
  .trim()
  .regex(/^\d{0,2}$/, 'pieces_range');

/**
 * From the staff's form: pieces whose money goes back (`refund_<line>`), their shipping, or a sum in yuan with at most
 * two decimals; and pieces that come back to stock (`restock_<line>`).
 */
export const refundForm = z
  .object({
    commandId: z
      .string()
      .regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape')
      .optional(),
    seen: z.coerce.number().pipe(z.int().min(0)).optional(),
    amount: z
      .string()
      .trim()
      .regex(/^(\d{1,7}(\.\d{1,2})?)?$/, 'amount_shape')
      .default(''),
    shipping: z.literal('yes').optional(),
    why,
  })
  .catchall(pieces)
  .transform(({ amount, why: reason, commandId, seen, shipping, ...rest }) => ({
    commandId,
    seen,
    fen: amount === '' ? undefined : Math.round(Number(amount) * 100),
    items: piecesOf(rest, 'refund'),
    shipping: shipping === 'yes',
    why: reason,
    restock: piecesOf(rest, 'restock'),
  }))
  .refine(({ fen, items, shipping }) => fen === undefined || (items.length === 0 && !shipping), {
    path: ['amount'],
    error: 'pieces_or_sum',
  });
export type RefundForm = z.infer<typeof refundForm>;
