import { z } from 'zod';
import { sku } from '../catalog/index.ts';
import { cleanChatText } from './live.rules.ts';
import { liveId } from './live.schema.ts';

const id = z.string().regex(/^[0-9A-Za-z]{6,40}$/);

export const answerCommand = z.strictObject({
  liveId,
  /** The question; left out when nobody asked in so many words. */
  messageId: id.optional(),
  text: z
    .string()
    .max(2_000)
    .transform(cleanChatText)
    .pipe(z.string().min(1, 'required').max(200, 'too_long')),
});
export type AnswerCommand = z.infer<typeof answerCommand>;

export const answerRef = z.strictObject({ liveId, answerId: id });
export const questionRef = z.strictObject({ liveId, messageId: id });
export const calloutCommand = z.strictObject({ liveId, sku });
