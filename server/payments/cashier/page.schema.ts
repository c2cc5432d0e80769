import { z } from 'zod';
import { CHOICES } from './choices.rules.ts';

export const intentId = z.string().regex(/^pi_[a-z0-9]{16,40}$/);

/** A path of this shop, never another site. */
const ownPath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\s\\]*$/);

const clientSecret = z.string().min(1).max(200);

/** Stripe's names. Tolerant of other parameters, such as the language. */
export const payQuery = z.object({ client_secret: clientSecret, return_url: ownPath.default('/orders') });

export const payForm = z.strictObject({
  client_secret: clientSecret,
  return_url: ownPath,
  choice: z.enum(CHOICES),
});
