import type { Terms } from './checkout.rules.ts';
import { quote, shippingLines, type QuoteWith } from './checkout.rules.ts';
import { applyCoupon, type CouponTerms } from './coupons.rules.ts';
import type { OrderAddress } from './orders.model.ts';

/**
 * A coupon that its holder uses with one tap in a live. The buyer's default address goes with it where every
 * cooperative delivers there; else the address is asked for later, and shipping with it.
 */
export function pocketTerms(used: {
  code: string;
  coupon: CouponTerms;
  live: string;
  now: Date;
  address: OrderAddress | null;
  tables: QuoteWith['tables'];
}): Terms {
  return {
    email: null,
    note: '',
    coupon: used.code,
    settle(lines) {
      const coupon = applyCoupon(used.coupon, lines, { live: used.live, now: used.now });
      if (!coupon.ok) return undefined;
      const { tables } = used;
      const there = quote(lines, { tables, province: used.address?.province ?? null, coupon });
      const known = used.address !== null && there.deliverable;
      const found = known ? there : quote(lines, { tables, province: null, coupon });
      const { discounts, discountFen, shippingFen } = found;
      return {
        address: known ? used.address : null,
        ...{ discounts, discountFen, shippingFen },
        shipping: shippingLines(found),
      };
    },
  };
}
