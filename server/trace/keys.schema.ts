import { z } from 'zod';

export const keyId = z.string().regex(/^[A-Za-z0-9_-]{6}$/);

export const rotateForm = z.strictObject({ confirm: z.literal('yes', 'required') });

export const revokeForm = z.strictObject({
  why: z.string().trim().min(4, 'reason_missing').max(300, 'too_long'),
  /** The key's id once more, by hand. */
  again: z.string().trim().max(20, 'too_long'),
});
