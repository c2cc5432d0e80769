import { z } from 'zod';
import { cleanChatText } from './live.rules.ts';
import { liveId } from './live.schema.ts';
import { AUDIENCES, REPORT_REASONS } from './moderation.rules.ts';

const id = z.string().regex(/^[0-9A-Za-z]{6,40}$/);

/** Why something was done: for the log, and for whoever looks into it later. */
const why = z.string().max(200).transform(cleanChatText).default('');

export const messageRef = z.strictObject({ liveId, messageId: id });
export const removeCommand = z.strictObject({ liveId, messageId: id, why });

export const sanctionCommand = z.strictObject({
  liveId,
  /** One of their messages: people are pointed at by what they said. */
  messageId: id,
  kind: z.enum(['mute', 'ban']),
  /** Up to a month; left out: until it is lifted. */
  minutes: z.int().min(1).max(43_200).optional(),
  why,
});
export type SanctionCommand = z.infer<typeof sanctionCommand>;

export const liftCommand = z.strictObject({ liveId, sanctionId: id });

const word = z.strictObject({
  text: z.string().trim().min(1).max(40),
  verdict: z.enum(['hold', 'refuse']),
});

export const chatRulesCommand = z.strictObject({
  liveId,
  slowSeconds: z.int().min(0).max(600),
  audience: z.enum(AUDIENCES),
  words: z.array(word).max(200),
});
export type ChatRulesCommand = z.infer<typeof chatRulesCommand>;

export const reportCommand = z.strictObject({ liveId, messageId: id, reason: z.enum(REPORT_REASONS) });
export type ReportCommand = z.infer<typeof reportCommand>;

export const decideCommand = z.strictObject({
  liveId,
  reportId: id,
  state: z.enum(['upheld', 'dismissed']),
});

/** A text area's lines, one word each; a leading `!` refuses, everything else is held for a look. */
const wordLines = (most: number) =>
  z
    .string()
    .max(most * 42)
    .transform((text) =>
      [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean).map((line) => ({
        text: line.replace(/^[!！]\s*/, '').trim(),
        verdict: /^[!！]/.test(line) ? ('refuse' as const) : ('hold' as const),
      })),
    )
    .pipe(z.array(word).max(most, 'too_long'));

/** The shop's list, from an admin's form. */
export const shopWordsForm = z.strictObject({
  words: wordLines(1_000),
  edits: z.coerce.number().int().min(0),
});

/** A live's chat rules, from the form of a live. */
export const chatRulesFields = {
  slowSeconds: z.coerce.number().int().min(0, 'not_valid').max(600, 'not_valid').default(0),
  audience: z.enum(AUDIENCES).default('everyone'),
  words: wordLines(200).default([]),
};
