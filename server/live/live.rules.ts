import { createHash } from 'node:crypto';

/** A live's life. Ended is ended: the same address becomes the replay. */
export const LIVE_MOVES = {
  scheduled: ['live'],
  live: ['ended'],
  ended: [],
} as const satisfies Record<string, readonly string[]>;

export type LiveState = keyof typeof LIVE_MOVES;
export const LIVE_STATES = Object.keys(LIVE_MOVES) as LiveState[];

export const CHAT_ROLES = ['viewer', 'host', 'crew', 'admin'] as const;
export type ChatRole = (typeof CHAT_ROLES)[number];

/** Four characters that tell guests apart in a chat and lead back to nobody. */
export function guestName(personId: string): string {
  const digest = createHash('sha256').update(`guest name ${personId}`).digest();
  const tag = [...digest.subarray(0, 4)].map((byte) => '23456789ABCDEFGHJKMNPQRSTWXYZ'[byte % 29]).join('');
  return `山友${tag}`;
}

/** Control and invisible formatting characters do nothing in a chat but harm. */
export function cleanChatText(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cs}\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
