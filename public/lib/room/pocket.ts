import type { WirePocket } from '../../../server/live/coupon-drops.events.ts';

export interface BestCoupon {
  coupon: WirePocket;
  /** Fen that it takes off. */
  offFen: number;
}

/** What a coupon takes off goods of that worth, by the same rule as the till; 0 where it is worth nothing. */
export function offOf(coupon: WirePocket, fen: number): number {
  if (fen < coupon.minSpendFen) return 0;
  if (coupon.kind === 'fixed') return Math.min(coupon.amountFen, fen);
  const share = Math.floor((fen * coupon.percent) / 100);
  return Math.min(share, coupon.capFen ?? share, fen);
}

/** The one of the pocket that takes most off this product; of equal ones the one that ends first. */
export function bestCoupon(
  pocket: readonly WirePocket[],
  goods: { sku: string; fen: number; now: number },
): BestCoupon | undefined {
  return pocket
    .filter(({ skus, until }) => skus.includes(goods.sku) && Date.parse(until) > goods.now)
    .map((coupon) => ({ coupon, offFen: offOf(coupon, goods.fen) }))
    .filter(({ offFen }) => offFen > 0)
    .sort((a, b) => b.offFen - a.offFen || Date.parse(a.coupon.until) - Date.parse(b.coupon.until))[0];
}
