import { z } from 'zod';
import { sku } from '../catalog/index.ts';

const words = (most: number) =>
  z
    .string()
    .max(most * 2)
    .transform((text) => text.replaceAll('\r\n', '\n').trim())
    .pipe(z.string().max(most, 'too_long'));

const edits = z.coerce.number().int().min(0).max(1_000_000);

/** Fields of a form come flat: `note.<sku>`. */
const notes = z.record(z.string().max(80), z.string().max(8_000)).transform((fields) =>
  Object.entries(fields).flatMap(([name, text]) => {
    const wanted = sku.safeParse(name.replace(/^note\./, ''));
    return name.startsWith('note.') && wanted.success ? [{ sku: wanted.data, text }] : [];
  }),
);

/** The script's form, with one note for each product of the rail. */
export const scriptForm = z
  .looseObject({ opening: words(5_000).default(''), closing: words(5_000).default(''), edits })
  .transform(({ opening, closing, edits: count, ...rest }, context) => {
    const found = notes.safeParse(rest);
    const list = found.success ? found.data.map((note) => ({ ...note, text: note.text.trim() })) : [];
    if (!found.success || list.length > 100 || list.some(({ text }) => text.length > 3_000)) {
      context.addIssue({ code: 'custom', message: 'too_long', path: ['opening'] });
      return z.NEVER;
    }
    return { opening, closing, edits: count, notes: list.filter(({ text }) => text !== '') };
  });

/** "12.50" -> 1250. */
const yuan = z
  .string()
  .trim()
  .regex(/^\d{1,6}(\.\d{1,2})?$/, 'yuan_shape')
  .transform((text) => {
    const [whole = '0', part = ''] = text.split('.');
    return Number(whole) * 100 + Number(part.padEnd(2, '0'));
  })
  .refine((fen) => fen > 0, 'yuan_shape');

export const preparedOfferForm = z.strictObject({
  sku,
  price: yuan,
  quantity: z.coerce.number().int().min(1, 'qty_range').max(2_000, 'qty_range'),
  perBuyer: z.coerce.number().int().min(1, 'qty_range').max(99, 'qty_range'),
  seconds: z.coerce.number().int().min(5, 'not_valid').max(3_600, 'not_valid'),
  edits,
});

export const dropOfferForm = z.strictObject({ offer: z.string().regex(/^[0-9A-Za-z]{6,40}$/), edits });
