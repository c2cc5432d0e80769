import type { Terms } from '../../server/orders/checkout.rules.ts';
import { newId } from '../../server/platform/ids.ts';
import { HUNAN } from './checkout.ts';
import type { TestShop } from './shop.ts';

/** A coupon that takes a yuan off anything. @returns its code */
export async function yuanOff(
  shop: TestShop,
  { total, perPerson = 1 }: { total: number; perPerson?: number },
): Promise<string> {
  const { _id } = await shop.ctx.coupons.make(
    {
      ...{ code: `YUAN${newId().slice(0, 8).toUpperCase()}`, kind: 'fixed', amountFen: 100, percent: 0 },
      ...{ capFen: null, minSpendFen: 0, cooperative: null, scope: { kind: 'all' }, total, perPerson },
      ...{ from: new Date(0), until: new Date('2099-01-01') },
    },
    { id: 'admin', admin: true, cooperatives: [] },
  );
  return _id;
}

/** As the checkout agrees them: so much off the first line, and nothing for the way. */
export const withCoupon = (code: string | null, fen = 100): Terms => ({
  email: null,
  note: '',
  coupon: code,
  settle: (lines) => ({
    address: HUNAN,
    discounts: lines.map((_line, index) => (index === 0 ? fen : 0)),
    discountFen: fen,
    shipping: lines.slice(0, 1).map(({ cooperative }) => ({ cooperative, grams: 1, fen: 0 })),
    shippingFen: 0,
  }),
});
