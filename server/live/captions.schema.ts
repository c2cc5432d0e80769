import { z } from 'zod';
import { cleanChatText } from './live.rules.ts';
import { liveId } from './live.schema.ts';

/** As much as two lines under a picture hold. */
export const captionCommand = z.strictObject({
  liveId,
  text: z.string().max(500).transform(cleanChatText).pipe(z.string().min(1, 'required').max(120, 'too_long')),
});
