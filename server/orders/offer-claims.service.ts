import type { OrderDoc } from './orders.model.ts';
import type { Offers } from './offers.service.ts';
import type { Claim, Refusals } from './till.service.ts';

/** Places in flash offers, claimed and given back with the orders that hold them. */
export function offerClaims(offers: Offers): Claim {
  return {
    async claim(batch, claimants) {
      const refusals: Refusals = new Map();
      const wanted = new Map<string, { code: string; buyers: readonly string[]; qty: number }[]>();
      for (const { order, buyers } of claimants) {
        const line = order.lines.find(({ offer }) => offer !== null);
        if (!line?.offer) continue;
        // The one who orders comes first: the take is written under that name.
        const wish = { code: order._id, buyers: [order.buyer, ...buyers], qty: line.qty };
        wanted.set(line.offer, [...(wanted.get(line.offer) ?? []), wish]);
      }
      for (const [offer, wishes] of wanted) {
        const { refused } = await offers.claim(offer, batch, wishes);
        for (const [code, reason] of refused) refusals.set(code, reason);
      }
      return refusals;
    },

    async seal(batch, orders) {
      const refusals: Refusals = new Map();
      for (const [offer, ofOffer] of byOffer(orders)) {
        const got = new Set(await offers.seal(offer, batch));
        for (const { _id } of ofOffer) if (!got.has(_id)) refusals.set(_id, 'offer_closed');
      }
      return refusals;
    },

    async giveBack(orders) {
      for (const [offer, ofOffer] of byOffer(orders)) {
        await offers.giveBack(
          offer,
          ofOffer.map(({ _id }) => _id),
        );
      }
    },
  };
}

function byOffer(orders: readonly OrderDoc[]): Map<string, OrderDoc[]> {
  const groups = new Map<string, OrderDoc[]>();
  for (const order of orders) {
    for (const { offer } of order.lines) if (offer) groups.set(offer, [...(groups.get(offer) ?? []), order]);
  }
  return groups;
}
