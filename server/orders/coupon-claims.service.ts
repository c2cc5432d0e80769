import type { Coupons } from './coupons.service.ts';
import type { Claimable } from './ringing.rules.ts';
import type { Claim, Claimant, Refusals } from './claiming.rules.ts';

/** Every id of the person who has this one, the account's first; of a guest without an account just its own. */
export type IdsOf = (id: string) => Promise<readonly string[]>;

/** Claims at once: each waits for the journal, and they seldom want the same ticket. */
const AT_ONCE = 16;

/** Uses of coupons, claimed and given back with the orders that have them. */
export function couponClaims(coupons: Coupons, idsOf: IdsOf): Claim {
  async function claimOne({ order, buyers }: Claimant, refusals: Refusals) {
    if (order.coupon === null) return;
    const got = await coupons.claim(order.coupon, order._id, { id: order.buyer, ids: buyers });
    if (got !== 'claimed') refusals.set(order._id, got);
  }

  return {
    async claim(_batch, claimants) {
      const refusals: Refusals = new Map();
      const wanting = claimants.filter(({ order }) => order.coupon !== null);
      for (let start = 0; start < wanting.length; start += AT_ONCE) {
        await Promise.all(wanting.slice(start, start + AT_ONCE).map((one) => claimOne(one, refusals)));
      }
      return refusals;
    },

    async seal(_batch, orders) {
      const codes = withCoupon(orders);
      if (codes.length > 0) await coupons.seal(codes);
    },

    async giveBack(orders) {
      const codes = withCoupon(orders);
      if (codes.length > 0) await coupons.giveBack(codes);
    },

    async claimAgain({ _id, coupon, buyer }) {
      if (coupon === null) return true;
      const ids = await idsOf(buyer);
      return coupons.claimAgain(coupon, _id, { id: ids[0] ?? buyer, ids });
    },

    async giveBackAgain({ _id, coupon }) {
      if (coupon !== null) await coupons.giveBackAgain(_id);
    },
  };
}

function withCoupon(orders: readonly Claimable[]): string[] {
  return orders.filter(({ coupon }) => coupon !== null).map(({ _id }) => _id);
}
