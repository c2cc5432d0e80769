import type { IdsOf } from './coupon-claims.service.ts';
import type { Offers } from './offers.service.ts';
import type { Claimable } from './ringing.rules.ts';
import type { Claim, Refusals } from './claiming.rules.ts';

/** Places in flash offers, claimed and given back with the orders that hold them. */
export function offerClaims(offers: Offers, idsOf: IdsOf): Claim {
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
      for (const offer of byOffer(orders).keys()) await offers.seal(offer, batch);
    },

    async giveBack(orders) {
      for (const [offer, ofOffer] of byOffer(orders)) {
        await offers.giveBack(
          offer,
          ofOffer.map(({ _id }) => _id),
        );
      }
    },

    async giveBackAgain(order) {
      for (const offer of byOffer([order]).keys()) await offers.giveBackAgain(offer, order._id);
    },

    async claimAgain({ _id, buyer, lines }) {
      const line = lines.find(({ offer }) => offer !== null);
      if (!line?.offer) return true;
      const buyers = [buyer, ...(await idsOf(buyer))];
      return offers.claimAgain(line.offer, { code: _id, buyers, qty: line.qty });
    },
  };
}

function byOffer(orders: readonly Claimable[]): Map<string, Claimable[]> {
  const groups = new Map<string, Claimable[]>();
  for (const order of orders) {
    for (const { offer } of order.lines) if (offer) groups.set(offer, [...(groups.get(offer) ?? []), order]);
  }
  return groups;
}
