import type { Addresses, Person } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Terms } from './checkout.rules.ts';
import type { CouponGrants } from './coupon-grants.service.ts';
import { couponState } from './coupons.rules.ts';
import type { Coupon, Coupons } from './coupons.service.ts';
import { onlyAddress } from './delivery.service.ts';
import { pocketTerms } from './pocket.rules.ts';
import type { Shipping } from './shipping.service.ts';

export type Pocket = ReturnType<typeof createPocket>;

/** The coupons that somebody holds, and what an order with one of them comes to. */
export function createPocket(deps: {
  coupons: Coupons;
  grants: CouponGrants;
  addresses: Addresses;
  shipping: Shipping;
  clock: Clock;
}) {
  const { coupons, grants, clock } = deps;
  return {
    /** What is worth something now: held, running, and not used up yet. */
    async of(person: Person): Promise<Coupon[]> {
      const held = await grants.held(person.ids);
      const codes = [...new Set(held.map(({ coupon }) => coupon))];
      const found = await coupons.byCodes(codes);
      const now = clock.now();
      const running = found.filter((coupon) => couponState(coupon, now) === 'running');
      const left = await Promise.all(running.map((coupon) => coupons.leftFor(coupon, person)));
      return running.filter((_coupon, index) => left[index]! > 0);
    },

    /**
     * The terms of an order that is placed in a live with a coupon out of the pocket. Whether there is a use left is
     * decided by the till, so that a tap which arrives twice is still one order.
     *
     * @throws AppError `coupon_used_up` for one that is worth nothing now
     */
    async terms(code: string, buyer: Person, live: string): Promise<Terms> {
      const coupon = await coupons.byCode(code);
      const now = clock.now();
      if (!coupon?.held || couponState(coupon, now) !== 'running') throw new AppError('coupon_used_up');
      const [address, tables] = await Promise.all([deps.addresses.defaultOf(buyer), deps.shipping.tables()]);
      return pocketTerms({
        ...{ code, coupon, live, now, tables },
        address: address ? onlyAddress(address) : null,
      });
    },
  };
}
