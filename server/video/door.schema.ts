import { z } from 'zod';
import { KEPT_FILE } from './recording.rules.ts';

export const liveName = z.string().regex(/^[0-9A-Za-z-]{3,64}$/);
export const recordingName = z.string().regex(/^[0-9a-z]{20}$/);
export const fileName = z.string().regex(KEPT_FILE);

const ms = z.coerce.number().int().min(0).max(1_000_000_000);

/** A stretch of a replay, in ms from its beginning. */
export const bounds = z.object({ from: ms.optional(), to: ms.optional() });

export const holdForm = z.object({ why: z.string().trim().min(3, 'required').max(500) });
