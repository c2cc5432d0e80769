import { z } from 'zod';
import { slug } from '../cooperatives/index.ts';

export const orderParam = z.string().regex(/^[0-9A-Z]{12}$/);
export const scanQuery = z.object({ coop: slug.optional() });

/** A scanner types what it reads: a link of some two hundred characters. */
export const scanCommand = z.strictObject({
  coop: slug,
  code: z.string().trim().min(1, 'required').max(600, 'too_long'),
});

export const undoCommand = z.strictObject({
  coop: slug,
  serial: z.string().regex(/^(?:[0-9A-Z]{16}|\d{18})$/),
});
