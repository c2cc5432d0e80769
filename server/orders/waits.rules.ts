import type { WaitDoc } from './waits.model.ts';
import type { OrderState } from './orders.rules.ts';

const DAY_MS = 24 * 3_600_000;

/** After this somebody who waits in a live has gone home. */
export const LONGEST_IN_LIVE_MS = DAY_MS;

/** After this somebody who waits at home has forgotten about it; a season is over by then. */
export const LONGEST_AT_HOME_MS = 30 * DAY_MS;

/**
 * How long pieces that came back are held for the next in line, in seconds: whoever is in the live sees it at once,
 * whoever is at home has a mail to read first.
 */
export function lineHoldSeconds({ live }: Pick<WaitDoc, 'live'>): number {
  return live === null ? 30 * 60 : 180;
}

/**
 * The tap that an offer to the line stands for: one place in line is one order. Turns alone are counted for each id of a
 * person: the account's first place would be answered with what the guest was offered.
 */
export function lineClickId({ sku, turn, since }: Pick<WaitDoc, 'sku' | 'turn' | 'since'>): string {
  return `${LINE_CLICK}${sku}-${turn}-${since.getTime().toString(36)}`.slice(0, 64);
}

const LINE_CLICK = 'wait-';

/** Whether an order was offered to somebody in line, instead of asked for. */
export function isFromLine({ clickId }: { clickId: string }): boolean {
  return clickId.startsWith(LINE_CLICK);
}

/** How it stands with somebody's place in line. */
export type WaitStanding = 'waiting' | 'offered' | 'missed' | 'over';

/** Pieces that were offered and not paid for have gone to the next; with those that were, the matter is over. */
export function standingOf({ state }: Pick<WaitDoc, 'state'>, order: OrderState | undefined): WaitStanding {
  if (state === 'waiting') return 'waiting';
  if (order === 'awaiting_payment' && state === 'offered') return 'offered';
  return order === 'expired' && state === 'offered' ? 'missed' : 'over';
}
