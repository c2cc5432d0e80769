import type { Addresses, Person, PostalAddress } from '../accounts/index.ts';
import { AppError } from '../platform/errors.ts';
import { quote, shippingLines, standingTerms, type Terms } from './checkout.rules.ts';
import { isBuyer } from './orders.policy.ts';
import type { OrderAddress, OrderDoc } from './orders.model.ts';
import type { OrderStore } from './orders.store.ts';
import type { Shipping } from './shipping.service.ts';

export type Delivery = ReturnType<typeof createDelivery>;

export interface DeliveryDeps {
  store: OrderStore;
  addresses: Addresses;
  shipping: Shipping;
  /** Ends a payment that was opened over the old total; one that has succeeded is left alone. */
  endPayment: (code: string) => Promise<void>;
}

/** Where orders go that were placed before anybody asked: in a live, one taps first and says where to later. */
export function createDelivery(deps: DeliveryDeps) {
  const { store, addresses, shipping } = deps;
  return {
    /** The default address of a buyer goes with every order that says nothing of one. */
    async standing(buyers: readonly { ids: readonly string[] }[]): Promise<(Terms | undefined)[]> {
      const [found, tables] = await Promise.all([addresses.defaultsOf(buyers), shipping.tables()]);
      return found.map((address) => address && standingTerms(onlyAddress(address), tables));
    },

    /**
     * Says where an order goes while it awaits payment; shipping there becomes part of its total.
     *
     * @throws AppError `not_found` for another's order, `conflict` when it awaits payment no more, `invalid` where a
     *   cooperative does not deliver
     */
    async setAddress(code: string, to: PostalAddress, person: Person): Promise<OrderDoc> {
      const order = await store.byCode(code);
      if (!order || order.state === 'opening' || !isBuyer(order, person)) throw new AppError('not_found');
      if (order.state !== 'awaiting_payment') throw new AppError('conflict');
      const address = onlyAddress(to);
      const charges = chargesFor(order, address.province, await shipping.tables());
      if (!charges) throw new AppError('invalid', { fields: { province: 'not_delivered' } });
      await deps.endPayment(code);
      const changed = await store.setDelivery(order, { address, ...charges });
      if (!changed) throw new AppError('conflict');
      return changed;
    },
  };
}

/** Shipping of an order as it stands; its discount stays as it was agreed. */
function chargesFor(order: OrderDoc, province: string, tables: Awaited<ReturnType<Shipping['tables']>>) {
  const discounts = order.lines.map(({ discountFen }) => discountFen);
  const coupon = { ok: true as const, discountFen: order.discountFen, discounts };
  const found = quote(order.lines, { tables, province, coupon });
  if (!found.deliverable) return undefined;
  const { shippingFen, totalFen } = found;
  return { shipping: shippingLines(found), shippingFen, totalFen };
}

export function onlyAddress({ name, phone, province, city, county, street }: PostalAddress): OrderAddress {
  return { name, phone, province, city, county, street };
}
