import { z } from 'zod';
import { PLEDGE_BASES } from './pledges.rules.ts';

const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');
export const pledgeCode = z.string().regex(/^[0-9A-Z]{12}$/);

const said = (max: number) => z.string().trim().min(2, 'required').max(max, 'too_long');

export const issuePledge = z.strictObject({
  commandId,
  quantity: said(60),
  producer: said(80),
  origin: said(120),
  contact: z
    .string()
    .trim()
    .regex(/^[+\d][\d -]{5,24}$/, 'phone_shape'),
  signer: said(40),
  bases: z.preprocess(
    (value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]),
    z.array(z.enum(PLEDGE_BASES)).min(1, 'nothing_chosen').max(PLEDGE_BASES.length),
  ),
  issuedOn: z.iso.date('date_shape'),
});
export type IssuePledge = z.infer<typeof issuePledge>;

export const withdrawPledge = z.strictObject({
  why: z.string().trim().min(2, 'reason_missing').max(200, 'too_long'),
});

export const pledgeQuery = z.object({ size: z.enum(['a5', 'a6']).default('a5') });
