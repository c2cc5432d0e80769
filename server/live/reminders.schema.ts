import { z } from 'zod';

/** `on` is what it shall be, so that a repeated tap does not undo itself. */
export const reminderForm = z.strictObject({
  on: z.enum(['0', '1']).transform((value) => value === '1'),
  email: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.email('reminder_mail').max(200).optional(),
  ),
});

export const reminderToken = z.string().regex(/^[A-Za-z0-9_-]{4,200}\.[A-Za-z0-9_-]{22}$/);
