import { z } from 'zod';

/** From a form or JSON: `on` is what it shall be, so that a repeated tap does not undo itself. */
export const followForm = z.strictObject({ on: z.enum(['0', '1']).transform((value) => value === '1') });
