/** Who may speak in a room's chat. */
export const AUDIENCES = ['everyone', 'followers', 'buyers'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** The rules of one live's chat. */
export interface ChatRules {
  /** Seconds between two messages of one person; 0: as fast as they like. */
  slowSeconds: number;
  audience: Audience;
  /** What is not said here, beside the shop's own list. */
  words: readonly ListedWord[];
}

export interface ListedWord {
  text: string;
  /** Looked at by somebody before it is shown, or not shown at all. */
  verdict: 'hold' | 'refuse';
}

export const NO_CHAT_RULES: ChatRules = { slowSeconds: 0, audience: 'everyone', words: [] };

/** Why a message is not shown: held for a look, refused by the word list, or deleted by somebody. */
export const HIDDEN_AS = ['held', 'refused', 'deleted'] as const;

export const REPORT_STATES = ['open', 'upheld', 'dismissed'] as const;
export const REPORT_REASONS = ['abuse', 'spam', 'fraud', 'privacy', 'other'] as const;

/** What somebody is known by when they speak. */
export interface Speaker {
  /** Their account and the guests they once were, or the guest they are. */
  ids: readonly string[];
  guest: boolean;
  device: { id: string; since: Date; place: string } | undefined;
}

/** Somebody may not speak, as far as a decision needs to know. */
export interface Sanction {
  keys: readonly string[];
  place: { key: string; until: Date } | null;
  until: Date | null;
  at: Date;
  lifted: object | null;
}

/** At most so many for one sanction: somebody who changes their skin more often than that is known by the rest. */
export const MAX_KEYS = 60;

export function keysOf(speaker: Speaker): string[] {
  const ids = speaker.ids.map((id) => `person:${id}`);
  return speaker.device ? [...ids, `device:${speaker.device.id}`] : ids;
}

/**
 * Whether a sanction meets a speaker. By account or device for as long as it runs; by network only guests, only for
 * its short time, and only on a device that was first seen after it: neighbours who were here before stay.
 */
export function meets(sanction: Sanction, speaker: Speaker, now: Date): 'known' | 'place' | undefined {
  if (sanction.lifted || (sanction.until && sanction.until <= now)) return undefined;
  if (keysOf(speaker).some((key) => sanction.keys.includes(key))) return 'known';
  const { place } = sanction;
  if (!place || place.until <= now || !speaker.guest) return undefined;
  if (!speaker.device) return 'place';
  return speaker.device.place === place.key && speaker.device.since > sanction.at ? 'place' : undefined;
}

/**
 * Whether a sanction keeps somebody out of the room: a ban, by account or device. By network nobody is put out: it may
 * be their neighbour's, and only their first word is what one may ask them to wait with.
 */
export function putsOut(sanction: Sanction & { kind: 'mute' | 'ban' }, comer: Speaker, now: Date): boolean {
  return sanction.kind === 'ban' && meets(sanction, comer, now) === 'known';
}

const NOT_BOUGHT: readonly string[] = ['opening', 'awaiting_payment', 'cancelled', 'expired', 'refunded'];

/** Whether an order in this state makes its buyer one: what is only held, lapsed or refunded does not. */
export function isBought(state: string): boolean {
  return !NOT_BOUGHT.includes(state);
}
