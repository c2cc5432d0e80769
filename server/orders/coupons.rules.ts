/** What a coupon is worth on: all goods, these products, these cooperatives' goods, or what is sold in a live. */
export type CouponScope =
  | { kind: 'all' }
  | { kind: 'products'; products: string[] }
  | { kind: 'cooperatives'; cooperatives: string[] }
  | { kind: 'live'; live: string };

/** What a coupon says. Money in fen. */
export interface CouponTerms {
  kind: 'fixed' | 'percent';
  /** Fen off, for `fixed`. */
  amountFen: number;
  /** Per cent off, 1 to 99, for `percent`. */
  percent: number;
  /** At most so much off, for `percent`; null when there is no cap. */
  capFen: number | null;
  /** Of the goods that it covers, before it. */
  minSpendFen: number;
  /** The cooperative that gives it, which covers its own goods only; null when the shop gives it. */
  cooperative: string | null;
  scope: CouponScope;
  from: Date;
  until: Date;
  stoppedAt: Date | null;
}

export interface CouponLine {
  qty: number;
  priceFen: number;
  /** The product's slug. */
  product: string;
  cooperative: string;
}

export const COUPON_REASONS = [
  'unknown',
  'stopped',
  'not_started',
  'ended',
  'nothing_covered',
  'min_spend',
  'used_up',
  'person_limit',
] as const;
export type CouponReason = (typeof COUPON_REASONS)[number];

export type CouponOutcome =
  | {
      ok: true;
      discountFen: number;
      /** What of it falls on each line, in their order. */
      discounts: number[];
    }
  | { ok: false; reason: CouponReason; missingFen?: number };

/** Codes are compared without case, spaces or full-width letters. */
export function normaliseCoupon(code: string): string {
  return code.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase();
}

export type CouponState = 'running' | 'not_started' | 'ended' | 'stopped';

/** Until is the first instant at which it is worth nothing. */
export function couponState(
  { from, until, stoppedAt }: Pick<CouponTerms, 'from' | 'until' | 'stoppedAt'>,
  now: Date,
): CouponState {
  if (stoppedAt !== null) return 'stopped';
  if (now < from) return 'not_started';
  return now < until ? 'running' : 'ended';
}

export function covers(
  { scope, cooperative }: Pick<CouponTerms, 'scope' | 'cooperative'>,
  line: CouponLine,
  live: string | null,
): boolean {
  if (cooperative !== null && line.cooperative !== cooperative) return false;
  switch (scope.kind) {
    case 'all':
      return true;
    case 'products':
      return scope.products.includes(line.product);
    case 'cooperatives':
      return scope.cooperatives.includes(line.cooperative);
    case 'live':
      return scope.live === live;
  }
}

/** What the coupon takes off goods of that worth: whole fen, the fraction stays with the shop; never more than all. */
export function discountOn(coupon: CouponTerms, coveredFen: number): number {
  if (coupon.kind === 'fixed') return Math.min(coupon.amountFen, coveredFen);
  const share = Number((BigInt(coveredFen) * BigInt(coupon.percent)) / 100n);
  return Math.min(share, coupon.capFen ?? share, coveredFen);
}

/**
 * Splits a sum over weights to the fen, by the largest remainder; of equal remainders the earlier one gets it. The
 * parts add up to the sum, none is more than its weight, and a weight of 0 gets 0.
 *
 * @param total at most the sum of the weights
 */
export function spread(total: number, weights: readonly number[]): number[] {
  const sum = BigInt(weights.reduce((all, weight) => all + weight, 0));
  if (total === 0 || sum === 0n) return weights.map(() => 0);
  const exact = weights.map((weight) => BigInt(total) * BigInt(weight));
  const parts = exact.map((share) => Number(share / sum));
  const left = total - parts.reduce((all, part) => all + part, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, rest: share % sum }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  for (const { index } of byRemainder.slice(0, left)) parts[index]! += 1;
  return parts;
}

/** What a coupon takes off an order, line by line; who has used it how often is not looked at here. */
export function applyCoupon(
  coupon: CouponTerms,
  lines: readonly CouponLine[],
  when: { live: string | null; now: Date },
): CouponOutcome {
  const state = couponState(coupon, when.now);
  if (state !== 'running') return { ok: false, reason: state };
  const weights = lines.map((line) => (covers(coupon, line, when.live) ? line.qty * line.priceFen : 0));
  const coveredFen = weights.reduce((sum, fen) => sum + fen, 0);
  if (coveredFen === 0) return { ok: false, reason: 'nothing_covered' };
  if (coveredFen < coupon.minSpendFen) {
    return { ok: false, reason: 'min_spend', missingFen: coupon.minSpendFen - coveredFen };
  }
  const discountFen = discountOn(coupon, coveredFen);
  return { ok: true, discountFen, discounts: spread(discountFen, weights) };
}

/** The first number from 1 to `most` that is free; undefined when none is. */
export function firstFree(taken: ReadonlySet<number>, most: number): number | undefined {
  for (let number = 1; number <= most; number += 1) if (!taken.has(number)) return number;
  return undefined;
}

/**
 * A free ticket near a place chosen at random, so that many who claim at once seldom want the same one.
 *
 * @param random 0 (inclusive) to 1 (exclusive)
 */
export function someFree(taken: ReadonlySet<number>, total: number, random: number): number | undefined {
  const start = Math.floor(random * total);
  for (let step = 0; step < total; step += 1) {
    const ticket = ((start + step) % total) + 1;
    if (!taken.has(ticket)) return ticket;
  }
  return undefined;
}
