import { z } from 'zod';

const why = z.string().trim().min(2, 'required').max(300, 'too_long');

export const refundRequestForm = z.object({ why });

/** From the staff's form: yuan with at most two decimals, and pieces that come back, `restock_<line>`. */
export const refundForm = z
  .object({
    amount: z
      .string()
      .trim()
      .regex(/^\d{1,7}(\.\d{1,2})?$/, 'amount_shape'),
    why,
  })
  .catchall(z.string())
  .transform(({ amount, why: reason, ...rest }) => ({
    fen: Math.round(Number(amount) * 100),
    why: reason,
    restock: Object.entries(rest).flatMap(([name, value]) => {
      const line = /^restock_(\d{1,2})$/.exec(name)?.[1];
      const qty = Number(value);
      return line !== undefined && Number.isInteger(qty) && qty > 0 ? { line: Number(line), qty } : [];
    }),
  }))
  .refine(({ fen }) => fen > 0, { path: ['amount'], error: 'amount_shape' });
