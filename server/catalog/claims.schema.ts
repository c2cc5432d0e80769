import { z } from 'zod';
import { CERTIFICATE_KINDS } from './catalog.rules.ts';

/** One word or phrase a line. */
const lines = z
  .string()
  .max(8000, 'too_long')
  .default('')
  .transform((text) => [
    ...new Set(
      text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter(Boolean),
    ),
  ])
  .pipe(z.array(z.string().max(80, 'too_long')).max(200, 'too_long'));

export const ruleId = z.string().regex(/^[a-z0-9_]{2,40}$/);

export const saveRuleForm = z.strictObject({
  id: z.preprocess((value) => (value === '' ? undefined : value), ruleId.optional()),
  version: z.coerce.number().pipe(z.int().min(0)),
  words: lines.pipe(z.array(z.string()).min(1, 'required')),
  except: lines,
  kinds: z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(z.enum(CERTIFICATE_KINDS)).min(1, 'nothing_chosen').max(CERTIFICATE_KINDS.length),
  ),
  active: z.preprocess((value) => value === 'yes', z.boolean()),
});
export type SaveRuleCommand = z.infer<typeof saveRuleForm>;

export const claimsQuery = z.object({
  text: z.string().max(2000, 'too_long').default(''),
  saved: z.string().optional(),
});
