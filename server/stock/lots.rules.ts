import type { Balances } from './ledger.rules.ts';
import { addDays, type LotState } from './stock.rules.ts';

/** Why pieces are written off. */
export const WRITE_OFF_REASONS = ['damaged', 'expired', 'sample', 'lost', 'other'] as const;
export type WriteOffReason = (typeof WRITE_OFF_REASONS)[number];

export const LOT_FILTERS = ['all', 'expiring', 'blocked', 'empty'] as const;
export type LotFilter = (typeof LOT_FILTERS)[number];

/** Days before its last selling day from which a lot is worth a look. */
export const EXPIRING_DAYS = 14;

type LotLook = Pick<Balances, 'available' | 'held'> & { state: LotState; sellUntil: string };

/** Where a lot stands today, as one word for whoever keeps the shelves. */
export type LotCondition = LotState | 'past' | 'expiring' | 'empty';

export function conditionOf(lot: LotLook, today: string): LotCondition {
  if (lot.state !== 'open') return lot.state;
  if (isEmpty(lot)) return 'empty';
  if (lot.sellUntil < today) return 'past';
  return lot.sellUntil <= addDays(today, EXPIRING_DAYS) ? 'expiring' : 'open';
}

export function isEmpty({ available, held }: Pick<Balances, 'available' | 'held'>): boolean {
  return available + held === 0;
}

/** Pieces that the till may sell today. */
export function canSell(lot: LotLook, today: string): number {
  return lot.state === 'open' && lot.sellUntil >= today ? lot.available : 0;
}

export function fitsFilter(lot: LotLook, filter: LotFilter, today: string): boolean {
  switch (filter) {
    case 'all':
      return !isEmpty(lot);
    case 'expiring':
      return !isEmpty(lot) && lot.sellUntil <= addDays(today, EXPIRING_DAYS);
    case 'blocked':
      return lot.state !== 'open';
    case 'empty':
      return isEmpty(lot);
  }
}

/** Which state a lot may be put into by hand, and from which. A recall is ended by whoever ends recalls. */
export const BLOCKING = {
  block: { from: 'open', to: 'blocked' },
  unblock: { from: 'blocked', to: 'open' },
} as const satisfies Record<string, { from: LotState; to: LotState }>;
export type Blocking = keyof typeof BLOCKING;

/** Pieces go to another lot of the same thing; a recalled one gets nothing more. */
export function mayMoveTo(
  from: { code: string; sku: string; cooperative: string },
  to: { code: string; sku: string; cooperative: string; state: LotState },
): boolean {
  return (
    from.code !== to.code &&
    from.sku === to.sku &&
    from.cooperative === to.cooperative &&
    to.state !== 'recalled'
  );
}

/** A write-off's reason and note as the one sentence that its movement keeps, and back. */
export function writeOffWhy(reason: WriteOffReason, note: string): string {
  return note === '' ? reason : `${reason}: ${note}`;
}

export function readWriteOffWhy(why: string): { reason: WriteOffReason; note: string } {
  const [, word = '', note = ''] = /^(\w+)(?:: ([^]*))?$/.exec(why) ?? [];
  const reason = WRITE_OFF_REASONS.find((one) => one === word);
  return reason ? { reason, note } : { reason: 'other', note: why };
}

const CODE_MAX = 20;

/** A code for a new lot that nobody has: what it is, the day it was made, and a letter when there are several. */
export function suggestLotCode(sku: string, madeOn: string, taken: ReadonlySet<string>): string {
  const day = madeOn.replaceAll('-', '').slice(2);
  const head = sku.slice(0, CODE_MAX - day.length - 2).replace(/-+$/, '');
  const plain = `${head}-${day}`;
  const codes = [plain, ...Array.from('BCDEFGHJKMNPQRSTWXYZ', (letter) => `${plain}${letter}`)];
  return codes.find((code) => !taken.has(code)) ?? plain;
}

/** The order behind a movement of one order; a batch of the till stands for many and has none. */
export function orderOfRef(ref: string): string | undefined {
  return /^([0-9A-Z]{12}):/.exec(ref)?.[1];
}

/** What the bank book says of a movement, seen from the pieces that can be sold. */
export function inAndOut(change: number): { in: number; out: number } {
  return { in: Math.max(0, change), out: Math.max(0, -change) };
}
