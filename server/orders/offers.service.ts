import type { Catalog } from '../catalog/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newCode } from '../platform/ids.ts';
import type { Stock } from '../stock/index.ts';
import type { OfferDoc } from './offers.model.ts';
import {
  decideOffer,
  fitsOffer,
  lateBatch,
  type OfferEnd,
  type OfferRefusal,
  type OfferWish,
} from './offers.rules.ts';
import type { OpenOfferCommand } from './offers.schema.ts';
import type { OfferStore } from './offers.store.ts';
import './orders.facts.ts';

export type Offer = OfferDoc;
export type Offers = ReturnType<typeof createOffers>;

export interface OfferClaim {
  granted: Set<string>;
  refused: Map<string, OfferRefusal>;
}

export function createOffers(deps: {
  store: OfferStore;
  catalog: Catalog;
  stock: Stock;
  bus: Bus;
  clock: Clock;
}) {
  const { store, catalog, stock, bus, clock } = deps;

  async function close(offer: Offer, reason: OfferEnd): Promise<void> {
    const closed = await store.close(offer._id, { at: clock.now(), reason });
    if (closed) bus.tell('offer.closed', { offer: offer._id, live: offer.live, reason });
  }

  async function tellTaken(id: string): Promise<void> {
    const offer = await store.byId(id);
    if (offer) bus.tell('offer.taken', { offer: id, live: offer.live });
  }

  return {
    byId: (id: string) => store.byId(id),
    ofLive: (live: string) => store.ofLive(live),
    openIn: (live: string) => store.openIn(live),

    /**
     * @throws AppError `not_found` for an unknown SKU, `conflict` while another offer for it runs in this live,
     * `invalid` for a price that is no discount or more pieces than there are
     */
    async open(command: OpenOfferCommand, by: string): Promise<Offer> {
      const { sku, liveId, price, quantity, perBuyer } = command;
      const sellable = (await catalog.sellables([sku])).get(sku);
      if (!sellable) throw new AppError('not_found');
      const regularFen = sellable.variant.priceFen;
      if (price.amount >= regularFen) throw new AppError('invalid', { fields: { price: 'no_discount' } });
      const available = (await stock.availability([sku])).get(sku) ?? 0;
      if (quantity > available) throw new AppError('invalid', { fields: { quantity: 'more_than_stock' } });
      const running = await store.openIn(liveId);
      if (running.some((offer) => offer.sku === sku && offer.closesAt > clock.now())) {
        throw new AppError('conflict', { fields: { sku: 'offer_running' } });
      }
      const now = clock.now();
      const opensAt = new Date(now.getTime() + command.countdown * 1000);
      const offer: Offer = {
        _id: newCode(),
        sku,
        live: liveId,
        priceFen: price.amount,
        regularFen,
        quantity,
        perBuyer,
        opensAt,
        closesAt: new Date(opensAt.getTime() + command.seconds * 1000),
        takes: [],
        closed: null,
        seq: 0,
        voided: [],
        by,
        createdAt: now,
      };
      await store.insert(offer);
      bus.tell('offer.opened', { offer: offer._id, live: liveId });
      return offer;
    },

    /** @throws AppError `not_found` */
    async close(live: string, id: string): Promise<void> {
      const offer = await store.byId(id);
      if (!offer || offer.live !== live) throw new AppError('not_found');
      await close(offer, 'host');
    },

    /** What these wishes would get now: refusals that cost no write. */
    async foresee(id: string, wishes: readonly OfferWish[]): Promise<Map<string, OfferRefusal>> {
      const offer = await store.byId(id);
      if (!offer) return new Map(wishes.map(({ code }) => [code, 'offer_closed']));
      return decideOffer(offer, wishes, clock.now()).refused;
    },

    /** Takes pieces of the offer for a batch: decided on one picture of it, written only if it is still that one. */
    async claim(id: string, batch: string, wishes: readonly OfferWish[]): Promise<OfferClaim> {
      for (;;) {
        const offer = await store.byId(id);
        const sealed = offer?.voided.some(({ ref }) => ref === batch) ?? true;
        if (!offer || sealed) {
          return { granted: new Set(), refused: new Map(wishes.map(({ code }) => [code, 'offer_closed'])) };
        }
        const { granted, refused } = decideOffer(offer, wishes, clock.now());
        const takes = granted.map(({ code, buyers, qty }) => ({ code, buyer: buyers[0] ?? '', qty, batch }));
        if (takes.length === 0 || (await store.claim(id, offer.seq, batch, takes))) {
          if (takes.length > 0) bus.tell('offer.taken', { offer: id, live: offer.live });
          return { granted: new Set(granted.map(({ code }) => code)), refused };
        }
      }
    },

    /**
     * For an order that lapsed and was paid all the same. Its buyer has kept to the offer's time, so only its limits are
     * asked. An order that gets nothing now never does: whoever asks again, or at the same moment in another process,
     * gets the same answer.
     */
    async claimAgain(id: string, wish: OfferWish): Promise<boolean> {
      const batch = lateBatch(wish.code);
      for (;;) {
        const offer = await store.byId(id);
        if (!offer) return false;
        if (offer.takes.some(({ code }) => code === wish.code)) return true;
        if (offer.voided.some(({ ref }) => ref === batch)) return false;
        if (!fitsOffer(offer, wish)) {
          // Somebody may have got it just before it was sealed.
          return (await store.seal(id, batch, clock.now())).includes(wish.code);
        }
        const take = { code: wish.code, buyer: wish.buyers[0] ?? '', qty: wish.qty, batch };
        if (!(await store.claimAgain(offer, take))) continue;
        bus.tell('offer.taken', { offer: id, live: offer.live });
        return true;
      }
    },

    /** What orders took when they were rung up. Giving back twice is giving back once. */
    async giveBack(id: string, codes: readonly string[]): Promise<void> {
      if (codes.length === 0) return;
      await store.giveBack(id, { code: { $in: [...codes] }, batch: { $nin: codes.map(lateBatch) } });
      await tellTaken(id);
    },

    /** What an order took again for a late payment. */
    async giveBackAgain(id: string, code: string): Promise<void> {
      await store.giveBack(id, { code, batch: lateBatch(code) });
      await tellTaken(id);
    },

    seal: (id: string, batch: string) => store.seal(id, batch, clock.now()),

    /** Closes what has run its time. Safe to run twice and on two nodes at once. */
    async closeOverdue(): Promise<void> {
      for (const offer of await store.overdue(clock.now())) await close(offer, 'time');
    },

    /** The live is over, and its offers with it. */
    async closeAllIn(live: string): Promise<void> {
      for (const offer of await store.openIn(live)) await close(offer, 'live_ended');
    },
  };
}
