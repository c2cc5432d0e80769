import { z } from 'zod';
import { PRINT_FORMATS, SHEET_NAMES } from './labels.rules.ts';

const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');
const number = z.coerce
  .number('pieces_range')
  .pipe(z.int('pieces_range').min(1, 'pieces_range').max(50_000, 'pieces_range'));

/** Single codes as somebody types or scans them, one a line. */
const codes = z
  .string()
  .max(20_000, 'too_long')
  .default('')
  .transform((text) => [
    ...new Set(
      text
        .split(/[\n,，;；]+/)
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ])
  .pipe(z.array(z.string().max(400, 'too_long')).max(200, 'too_long'));

export const printCommand = z
  .strictObject({
    commandId,
    run: z.string().regex(/^[A-Za-z0-9_-]{10,40}$/),
    sheet: z.enum(SHEET_NAMES),
    format: z.enum(PRINT_FORMATS).default('pdf'),
    from: number.optional(),
    to: number.optional(),
    codes,
    why: z.string().trim().max(200, 'too_long').default(''),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    error: 'range_swapped',
  });
/** Whose code has just been dealt with. */
export const labelsQuery = z.object({ done: z.string().max(20).default('') });

const run = z.string().regex(/^[A-Za-z0-9_-]{10,40}$/);
export const printParams = z.object({ run, ref: commandId });
export const pictureFile = z
  .string()
  .regex(/^[1-9]\d{0,3}\.(?:svg|png)$/)
  .transform((name) => {
    const [number = '', format] = name.split('.');
    return { number: Number(number), format: format as 'svg' | 'png' };
  });
export type PrintCommand = z.infer<typeof printCommand>;
