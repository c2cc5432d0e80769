import { z } from 'zod';
import { REPORT_KINDS } from './reports.rules.ts';

export const reportForm = z.strictObject({
  reportId: z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape'),
  kind: z.enum(REPORT_KINDS),
  text: z.string().trim().min(2, 'required').max(1_000, 'too_long'),
  contact: z.string().trim().max(100, 'too_long').default(''),
});
export type ReportForm = z.infer<typeof reportForm>;

export const reportId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
