import type { Catalog } from '../catalog/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError, type ErrorCode } from '../platform/errors.ts';
import { newCode, newId } from '../platform/ids.ts';
import { createLane, type Lane, type Outcome } from '../platform/lane.ts';
import { allocate, type Stock, type Take } from '../stock/index.ts';
import type { Offer, Offers } from './offers.service.ts';
import type { OrderDoc } from './orders.model.ts';
import type { OrderStore } from './orders.store.ts';
import {
  clickKey,
  isAgreed,
  isFor,
  newcomersShare,
  newOrder,
  opened,
  skusOf,
  sumWanted,
  type Prices,
  type Ringing,
} from './ringing.rules.ts';

/** Orders of a batch that do not get what they need, by code, each with its reason. */
export type Refusals = Map<string, ErrorCode>;

/** An order of a batch with the one who asks for it. */
export interface Claimant {
  order: OrderDoc;
  buyers: readonly string[];
}

/**
 * Something besides stock that an order must get before it opens, such as a place in a flash offer. Claims are kept
 * by the order's code, so that claiming or giving back twice is doing it once.
 */
export interface Claim {
  claim(batch: string, claimants: readonly Claimant[]): Promise<Refusals>;
  /** For a batch that nobody finished: it can claim nothing more; tells which of its orders got nothing. */
  seal(batch: string, orders: readonly OrderDoc[]): Promise<Refusals>;
  giveBack(orders: readonly OrderDoc[]): Promise<void>;
}

export interface RungUp {
  order: OrderDoc;
  /** False when this click had its order already. */
  fresh: boolean;
}

export type Till = ReturnType<typeof createTill>;

interface TillDeps {
  store: OrderStore;
  stock: Stock;
  catalog: Catalog;
  offers: Offers;
  claims: readonly Claim[];
  clock: Clock;
  /** Pieces that newcomers may not have, because others wait for them. */
  promised: (skus: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}

const MAX_BATCH = 500;
const MAX_WAITING = 20_000;

/** A batch older than this is nobody's any more; the slowest living one is finished long before. */
const ABANDONED_AFTER_MS = 15_000;

/**
 * Rings up orders in batches. For each batch, in this order, each step one journaled write:
 *
 * 1. insert the orders as `opening`;
 * 2. claim what they need besides stock (a flash offer's pieces, a coupon);
 * 3. hold pieces for those who got it, lot by lot, under the batch's id;
 * 4. give back what nobody gets (a request is granted as a whole or refused);
 * 5. open the granted orders;
 * 6. remove the refused ones.
 *
 * Whoever finds a batch between two steps (`finishAbandoned`) can tell from the ledger and the claims what it took,
 * and comes to the same shares, because sharing out depends on the batch and its takes alone.
 */
export function createTill(deps: TillDeps) {
  const { store, stock, catalog, offers, claims, clock } = deps;
  const lanes = new Map<string, Lane<Ringing, RungUp>>();

  /** Those who want the same thing wait together. */
  function laneFor({ lines, offer }: Ringing): Lane<Ringing, RungUp> {
    const key = offer ? `offer ${offer}` : lines.length === 1 ? lines[0]!.sku : 'several';
    let lane = lanes.get(key);
    if (!lane) {
      lane = createLane({ work: ringUp, maxBatch: MAX_BATCH, maxWaiting: MAX_WAITING });
      lanes.set(key, lane);
    }
    return lane;
  }

  async function ringUp(ringings: Ringing[]): Promise<Outcome<RungUp>[]> {
    const outcomes: Outcome<RungUp>[] = Array.from({ length: ringings.length });
    const fresh = await answerRepeated(ringings, outcomes);
    const sellables = await catalog.sellables(fresh.flatMap(({ ringing }) => skusOf(ringing)));
    const prices = { sellables, offer: await offerOf(ringings) };
    const serious = await refuseHopeless(fresh, prices, outcomes);
    if (serious.length > 0) await ringUpFresh(serious, prices, outcomes);
    // The same click twice in one batch: the later ones get what the first one got.
    ringings.forEach((ringing, index) => {
      outcomes[index] ??= sameClick(ringing, ringings, outcomes);
    });
    return outcomes;
  }

  /** Clicks that have an order already are answered with it; the first of each new click goes on. */
  async function answerRepeated(ringings: Ringing[], outcomes: Outcome<RungUp>[]): Promise<Placed[]> {
    const known = await store.byClicks(
      ringings.map(({ buyer, clickId }) => ({ buyers: buyer.ids, clickId })),
    );
    const fresh = new Map<string, Placed>();
    const inFlight: Promise<unknown>[] = [];
    for (const [index, ringing] of ringings.entries()) {
      const earlier = known.find(
        (order) => order.clickId === ringing.clickId && ringing.buyer.ids.includes(order.buyer),
      );
      if (earlier && earlier.state !== 'opening') outcomes[index] = repeated(earlier);
      else if (earlier) inFlight.push(firstOf(ringing).then((outcome) => (outcomes[index] = outcome)));
      else if (!fresh.has(clickKey(ringing))) fresh.set(clickKey(ringing), { index, ringing });
    }
    await Promise.all(inFlight);
    return [...fresh.values()];
  }

  /** All who wait in one lane ask for the same offer, or for none. */
  async function offerOf([first]: Ringing[]): Promise<Offer | null> {
    return first?.offer ? offers.byId(first.offer) : null;
  }

  /** What nobody sells, or what has run out, costs no write. */
  async function refuseHopeless(
    placed: Placed[],
    { sellables, offer }: Prices,
    outcomes: Outcome<RungUp>[],
  ): Promise<Placed[]> {
    const skus = [...sellables.keys()];
    const [available, promised] = await Promise.all([stock.availability(skus), deps.promised(skus)]);
    const hasEnough = newcomersShare(available, promised);
    const now = clock.now();
    return placed.filter(({ index, ringing }) => {
      if (skusOf(ringing).some((sku) => !sellables.has(sku))) outcomes[index] = refused('not_found');
      else if (ringing.offer && !isFor(offer, ringing, now)) outcomes[index] = refused('offer_closed');
      else if (!isAgreed(ringing, { sellables, offer })) outcomes[index] = refused('conflict');
      else if (!hasEnough(ringing)) {
        outcomes[index] = refused('sold_out');
      }
      return outcomes[index] === undefined;
    });
  }

  async function ringUpFresh(placed: Placed[], prices: Prices, outcomes: Outcome<RungUp>[]): Promise<void> {
    const batch = newId();
    const now = clock.now();
    const docs = placed.map(({ ringing }, place) =>
      newOrder(ringing, prices, { code: newCode(), batch, place, now }),
    );
    const raced = await store.insertOpening(docs);
    const inserted = docs.filter((_doc, place) => !raced.has(place));
    const refusals: Refusals = new Map();
    for (const claim of claims) {
      const claimants = docs.flatMap((order, place) =>
        raced.has(place) || refusals.has(order._id)
          ? []
          : { order, buyers: placed[place]!.ringing.buyer.ids },
      );
      for (const [code, reason] of await claim.claim(batch, claimants)) refusals.set(code, reason);
    }
    const takes = await stock.take(batch, sumWanted(inserted.filter(({ _id }) => !refusals.has(_id))));
    const opened = await finish(batch, inserted, { takes, refusals });
    placed.forEach(({ index }, place) => {
      const code = docs[place]!._id;
      const order = opened.get(code);
      if (order) outcomes[index] = { ok: true, value: { order, fresh: true } };
      else if (!raced.has(place)) outcomes[index] = refused(refusals.get(code) ?? 'sold_out');
    });
    await Promise.all(
      placed
        .filter((_item, place) => raced.has(place))
        .map(async ({ index, ringing }) => (outcomes[index] = await firstOf(ringing))),
    );
  }

  /** Steps 4 to 6. @returns the opened orders by code */
  async function finish(
    batch: string,
    docs: OrderDoc[],
    got: { takes: Take[]; refusals: Refusals },
  ): Promise<Map<string, OrderDoc>> {
    const { granted, rest } = allocate(
      docs.filter(({ _id }) => !got.refusals.has(_id)).map(({ _id, lines }) => ({ id: _id, lines })),
      got.takes,
    );
    const losers = docs.filter(({ _id }) => !granted.has(_id));
    if (losers.length > 0) for (const claim of claims) await claim.giveBack(losers);
    await stock.release(
      rest.map((take) => ({ ...take, ref: `${batch}:rest` })),
      'not needed by the batch',
    );
    const at = clock.now();
    const entry = { at, from: 'opening', to: 'awaiting_payment', by: 'till', why: 'placed' } as const;
    const openings = [...granted].map(([code, lots]) => ({ code, lots }));
    const count = await store.openBatch(batch, openings, entry);
    if (losers.length > 0) await store.removeOpening(batch);
    if (count < openings.length) return stillThere(batch);
    return new Map(
      docs.flatMap((doc) => {
        const lots = granted.get(doc._id);
        return lots ? [[doc._id, opened(doc, lots, entry)]] : [];
      }),
    );
  }

  /** Somebody took this batch for abandoned and has finished it: what they left is the truth. */
  async function stillThere(batch: string): Promise<Map<string, OrderDoc>> {
    const docs = await store.ofBatch(batch);
    return new Map(docs.filter(({ state }) => state !== 'opening').map((doc) => [doc._id, doc]));
  }

  /** Another process is ringing up the same click: its order is the answer as soon as it is open. */
  async function firstOf(ringing: Ringing): Promise<Outcome<RungUp>> {
    const deadline = Date.now() + 3_000;
    while (Date.now() < deadline) {
      const [order] = await store.byClicks([{ buyers: ringing.buyer.ids, clickId: ringing.clickId }]);
      if (!order) return refused('sold_out');
      if (order.state !== 'opening') return { ok: true, value: { order, fresh: false } };
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return refused('unavailable');
  }

  return {
    /** @throws AppError `sold_out`, `not_found`, `unavailable` */
    ringUp: (ringing: Ringing): Promise<RungUp> => laneFor(ringing).enter(ringing),

    /** Finishes or undoes batches whose process died. Safe to run on several nodes at once, and against the living. */
    async finishAbandoned(): Promise<number> {
      const before = new Date(clock.now().getTime() - ABANDONED_AFTER_MS);
      const batches = await store.unfinishedBatches(before);
      for (const batch of batches) {
        const docs = await store.ofBatch(batch);
        const refusals: Refusals = new Map();
        for (const claim of claims) {
          for (const [code, reason] of await claim.seal(batch, docs)) refusals.set(code, reason);
        }
        const takes = await stock.seal(batch, [...new Set(docs.flatMap(skusOf))]);
        await finish(batch, docs, { takes, refusals });
      }
      return batches.length;
    },

    async idle() {
      await Promise.all([...lanes.values()].map((lane) => lane.idle()));
    },
  };
}

interface Placed {
  /** Place in the batch's answers. */
  index: number;
  ringing: Ringing;
}

function refused(code: ErrorCode): Outcome<RungUp> {
  return { ok: false, error: new AppError(code) };
}

function repeated(order: OrderDoc): Outcome<RungUp> {
  return { ok: true, value: { order, fresh: false } };
}

function sameClick(ringing: Ringing, all: Ringing[], outcomes: Outcome<RungUp>[]): Outcome<RungUp> {
  const first = all.findIndex((other) => clickKey(other) === clickKey(ringing));
  const outcome = outcomes[first];
  if (!outcome) return refused('unavailable');
  return outcome.ok ? { ok: true, value: { ...outcome.value, fresh: false } } : outcome;
}
