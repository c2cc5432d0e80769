import { z } from 'zod';

/** Ten hours and a day's reserve. */
const ms = z.coerce.number().int().min(0).max(200_000_000);

export const replayQuery = z.object({ at: z.iso.datetime().optional() });
/** A minute or two at a time: nobody reads ten hours of chat at once. */
export const replayChatQuery = z
  .object({ from: ms, to: ms })
  .refine(({ from, to }) => to > from && to - from <= 120_000, 'not_valid');
export const chapterSeq = z
  .string()
  .regex(/^\d{1,6}$/)
  .transform(Number);
