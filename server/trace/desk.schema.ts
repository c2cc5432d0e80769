import { z } from 'zod';
import { STEP_NAMES } from './epcis.rules.ts';

const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');
const slug = z.string().max(80);
const text = (max: number) => z.string().trim().max(max, 'too_long');

export const deskQuery = z.object({ coop: slug.optional() });

/** What a member has seen or done with a lot. */
export const stepForm = z.strictObject({
  commandId,
  step: z.enum(STEP_NAMES),
  day: z.iso.date('date_shape'),
  note: text(500).default(''),
});

/** Raw goods that became a lot. */
export const transformForm = z.strictObject({
  commandId,
  day: z.iso.date('date_shape'),
  raw: text(60).min(1, 'required'),
  kilograms: z.preprocess(Number, z.number().positive().max(1_000_000)),
  note: text(500).default(''),
});

export const wrongForm = z.strictObject({
  event: z.string().max(300),
  reason: z.enum(['did_not_occur', 'incorrect_data']),
  note: text(300).min(1, 'reason_missing'),
});

const oneOrMore = <S extends z.ZodType>(item: S) =>
  z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(item).max(50),
  );

export const growersForm = z.strictObject({ grower: oneOrMore(z.string().regex(/^[a-z0-9]{20}$/)) });

export const importForm = z.strictObject({ document: z.string().min(2, 'required').max(60_000, 'too_long') });

export const finishForm = z.strictObject({ coop: slug });
