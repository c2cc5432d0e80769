/** Coupons that rain in a live: so many pieces of one coupon, from an instant on, for so long. */
export interface DropTerms {
  quantity: number;
  opensAt: Date;
  closesAt: Date;
}

export const DROP_STATES = ['preparing', 'open', 'closed'] as const;
export type DropState = (typeof DROP_STATES)[number];

export const DROP_ENDS = ['time', 'host', 'gone', 'live_ended', 'abandoned'] as const;
export type DropEnd = (typeof DROP_ENDS)[number];

/** More pieces than this are not handed out at once: their places are counted one by one. */
export const MOST_PIECES = 2_000;

/** Nobody can be preparing a drop for so long and still be alive. */
export const DROP_ABANDONED_MS = 30_000;

/** Whether it may be taken from now. */
export function isFalling(drop: DropTerms & { state: DropState }, now: Date): boolean {
  return drop.state === 'open' && drop.opensAt <= now && now < drop.closesAt;
}
