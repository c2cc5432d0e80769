import type { Catalog } from '../catalog/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError, type ErrorCode } from '../platform/errors.ts';
import { newCode, newId } from '../platform/ids.ts';
import { createLane, type Lane, type Outcome, type Turn } from '../platform/lane.ts';
import { allocate, piecesOn, type Shelf, type Stock } from '../stock/index.ts';
import type { Dispatch, DispatchTable } from './dispatch.service.ts';
import { promiseLine } from './dispatch.rules.ts';
import { createAsking, type Answer, type AskingDeps } from './asking.service.ts';
import type { Claim, Refusals } from './claiming.rules.ts';
import { createLeftovers } from './leftovers.service.ts';
import type { Offers } from './offers.service.ts';
import type { OrderDoc } from './orders.model.ts';
import type { OrderStore } from './orders.store.ts';
import {
  clickKey,
  isAgreed,
  isFor,
  newBatch,
  newcomersShare,
  newOrder,
  opened,
  skusOf,
  sumWanted,
  type Prices,
  type Ringing,
} from './ringing.rules.ts';

export interface RungUp {
  order: OrderDoc;
  /** False when this click had its order already. */
  fresh: boolean;
}

export type Till = ReturnType<typeof createTill>;

interface TillDeps extends AskingDeps {
  store: OrderStore;
  stock: Stock;
  catalog: Catalog;
  offers: Offers;
  claims: readonly Claim[];
  dispatch: Pick<Dispatch, 'terms'>;
  clock: Clock;
  /** Pieces that newcomers may not have, because others wait for them. */
  promised: (skus: readonly string[]) => Promise<ReadonlyMap<string, number>>;
}

/** While one of them is being written, the next is being put together. */
const ABREAST = 2;
const MAX_BATCH = 250;
const MAX_WAITING = 20_000;

/** Nobody waits for it to be forgotten that a batch is finished. */
const REST_MS = 100;

/** How long a click is waited for that another process has in hand. */
const IN_HAND_MS = 3_000;

/**
 * Rings up orders in batches. For each batch, in this order, each step one journaled write:
 *
 * 1. write down what the batch is about to take, and for whom (`begin`);
 * 2. claim what its orders need besides stock (a flash offer's pieces, a coupon);
 * 3. hold pieces for those who got it, lot by lot, under the batch's id;
 * 4. share them out, and insert the orders of those who got theirs: they await payment;
 * 5. give back what nobody gets (a request is granted as a whole or refused).
 *
 * Steps 2 and 3 are done by one batch of a lane after the other, in the order of their coming; when something goes
 * back, the next one waits for that, too. Whoever finds a batch between two steps (`finishAbandoned`) knows where to
 * look for what it took, and undoes what no order came of.
 */
export function createTill(deps: TillDeps) {
  const { store, stock, catalog, offers, claims, clock } = deps;
  const lanes = new Map<string, Lane<Ringing, RungUp>>();
  const leftovers = createLeftovers(deps);
  const ask = createAsking(deps);
  const inHand = new Map<string, Promise<RungUp>>();
  const forgetting = createLane<string, void>({
    maxBatch: 1_000,
    maxWaiting: 20_000,
    restMs: REST_MS,
    work: async (batches) => {
      await store.forget(batches);
      return batches.map(() => ({ ok: true, value: undefined }));
    },
  });

  /** Those who want the same thing wait together. */
  function laneFor({ lines, offer }: Ringing): Lane<Ringing, RungUp> {
    const key = offer ? `offer ${offer}` : lines.length === 1 ? lines[0]!.sku : 'several';
    let lane = lanes.get(key);
    if (!lane) {
      lane = createLane({ work: ringUp, maxBatch: MAX_BATCH, maxWaiting: MAX_WAITING, abreast: ABREAST });
      lanes.set(key, lane);
    }
    return lane;
  }

  async function ringUp(ringings: Ringing[], turn: Turn): Promise<Outcome<RungUp>[]> {
    const outcomes: Outcome<RungUp>[] = Array.from({ length: ringings.length });
    const sight = await lookAround(ringings, turn);
    const fresh = answerRepeated(sight, outcomes);
    const serious = await refuseHopeless(fresh, sight, outcomes);
    if (serious.length > 0) await ringUpFresh(serious, sight, outcomes);
    turn.pass();
    await answerLate(fresh, outcomes);
    return outcomes;
  }

  /** Everything that has to be known of a batch, read at the same time. */
  async function lookAround(ringings: Ringing[], turn: Turn): Promise<Sight> {
    const skus = [...new Set(ringings.flatMap(skusOf))];
    const offer = ringings[0]?.offer;
    const isEarly = turn.isBehind;
    const [asked, known, sellables, shelf, promised, termsOf, found] = await Promise.all([
      ask(ringings),
      store.byClicks(ringings.map(({ buyer, clickId }) => ({ buyers: buyer.ids, clickId }))),
      catalog.sellables(skus),
      stock.shelf(skus),
      deps.promised(skus),
      deps.dispatch.terms(),
      // All who wait in one lane ask for the same offer, or for none.
      offer === undefined ? null : offers.byId(offer),
    ]);
    return {
      turn,
      skus,
      asked,
      known,
      isEarly,
      shelf,
      promised,
      termsOf,
      prices: { sellables, offer: found },
    };
  }

  /** Clicks that have an order already are answered with it. @returns the others */
  function answerRepeated({ asked, known }: Sight, outcomes: Outcome<RungUp>[]): Placed[] {
    return asked.flatMap((answer, index) => {
      const earlier = known.find((order) => isOf(order, answer.ringing));
      if (!earlier) return { index, ...answer };
      outcomes[index] = repeated(earlier);
      return [];
    });
  }

  /** What nobody sells, or what has run out, costs no write. */
  async function refuseHopeless(
    placed: Placed[],
    sight: Sight,
    outcomes: Outcome<RungUp>[],
  ): Promise<Placed[]> {
    const { sellables, offer } = sight.prices;
    const now = clock.now();
    const askers = placed.filter(({ index, ringing, refused: reason }) => {
      if (reason) outcomes[index] = refused(reason);
      else if (skusOf(ringing).some((sku) => !sellables.has(sku))) outcomes[index] = refused('not_found');
      else if (ringing.offer && !isFor(offer, ringing, now)) outcomes[index] = refused('offer_closed');
      else if (!isAgreed(ringing, sight.prices)) outcomes[index] = refused('conflict');
      return outcomes[index] === undefined;
    });
    const served = () => {
      const hasEnough = newcomersShare(piecesOn(sight.shelf, sight.skus), sight.promised);
      return new Set(askers.filter(({ ringing }) => hasEnough(ringing)));
    };
    let there = served();
    if (there.size < askers.length && sight.isEarly) {
      // What those ahead have taken and do not need may have been on its way back.
      await sight.turn.come();
      sight.shelf = await stock.shelf(sight.skus);
      there = served();
    }
    for (const asker of askers) if (!there.has(asker)) outcomes[asker.index] = refused('sold_out');
    return askers.filter((asker) => there.has(asker));
  }

  async function ringUpFresh(placed: Placed[], sight: Sight, outcomes: Outcome<RungUp>[]): Promise<void> {
    const { prices, turn } = sight;
    const now = clock.now();
    const batch = newBatch(
      placed.map(({ ringing }) => ringing),
      { id: newId(), now, codes: placed.map(() => newCode()) },
    );
    const begun = store.begin(batch);
    const docs = placed.map(({ ringing }, place) =>
      newOrder(ringing, prices, { code: batch.codes[place]!, batch: batch._id, place, now }),
    );
    await begun;
    await turn.come();

    const refusals = await claimAll(batch._id, docs, placed);
    const willing = docs.filter(({ _id }) => !refusals.has(_id));
    const takes = await stock.take(batch._id, sumWanted(willing), sight.shelf);
    const { granted } = allocate(
      willing.map(({ _id, lines }) => ({ id: _id, lines })),
      takes,
    );
    // Nothing goes back that the next one would have to wait for.
    if (granted.size === docs.length) turn.pass();

    const entry = { at: now, from: 'opening', to: 'awaiting_payment', by: 'till', why: 'placed' } as const;
    const readyOn = new Map(takes.flatMap((take) => (take.readyOn ? [[take.lot, take.readyOn]] : [])));
    const orders = docs.flatMap((doc) => {
      const lots = granted.get(doc._id);
      if (!lots) return [];
      const order = opened(doc, lots, entry);
      const promised = { termsOf: sight.termsOf, readyOn, at: now };
      return { ...order, lines: order.lines.map((line) => promiseLine(line, promised)) };
    });
    const kept = await insert(orders);
    await leftovers.giveBack(batch, takes, [...kept.values()]);
    void forgetting.enter(batch._id).catch(() => {
      // Found again by `finishAbandoned`, which has nothing to do for it but this.
    });
    placed.forEach(({ index }, place) => {
      const code = batch.codes[place]!;
      const order = kept.get(code);
      if (order) outcomes[index] = { ok: true, value: { order, fresh: true } };
      else outcomes[index] = refused(granted.has(code) ? 'unavailable' : (refusals.get(code) ?? 'sold_out'));
    });
  }

  async function claimAll(batch: string, docs: OrderDoc[], placed: Placed[]): Promise<Refusals> {
    const refusals: Refusals = new Map();
    for (const claim of claims) {
      const claimants = docs.flatMap((order, place) =>
        refusals.has(order._id) ? [] : { order, buyers: placed[place]!.ringing.buyer.ids },
      );
      for (const [code, reason] of await claim.claim(batch, claimants)) refusals.set(code, reason);
    }
    return refusals;
  }

  /** @returns those that are in the journal, by code; the click of another one has its order, made elsewhere */
  async function insert(orders: OrderDoc[]): Promise<Map<string, OrderDoc>> {
    const left = await store.insertOrders(orders);
    return new Map(orders.flatMap((order, place) => (left.has(place) ? [] : [[order._id, order]])));
  }

  /** Before anybody is refused: the same click may have reached another process, and have its order there. */
  async function answerLate(placed: Placed[], outcomes: Outcome<RungUp>[]): Promise<void> {
    let left = placed.filter(({ index }) => outcomes[index]?.ok === false);
    const deadline = Date.now() + IN_HAND_MS;
    while (left.length > 0) {
      const elsewhere = await store.inHand(left.map(({ ringing }) => clickKey(ringing)));
      const known = await store.byClicks(
        left.map(({ ringing }) => ({ buyers: ringing.buyer.ids, clickId: ringing.clickId })),
      );
      left = left.filter(({ index, ringing }) => {
        const order = known.find((one) => isOf(one, ringing));
        if (order) outcomes[index] = repeated(order);
        return !order && elsewhere.has(clickKey(ringing));
      });
      if (Date.now() >= deadline) {
        for (const { index } of left) outcomes[index] = refused('unavailable');
        return;
      }
      if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  return {
    /** @throws AppError `sold_out`, `not_found`, `unavailable` */
    async ringUp(ringing: Ringing): Promise<RungUp> {
      const click = clickKey(ringing);
      const same = inHand.get(click);
      if (same) return { ...(await same), fresh: false };
      const answer = laneFor(ringing).enter(ringing);
      inHand.set(click, answer);
      try {
        return await answer;
      } finally {
        inHand.delete(click);
      }
    },

    finishAbandoned: leftovers.finishAbandoned,

    async idle() {
      await Promise.all([...lanes.values()].map((lane) => lane.idle()));
      await forgetting.idle();
    },
  };
}

interface Placed extends Answer {
  /** Place in the batch's answers. */
  index: number;
}

/** A batch's surroundings at one moment. */
interface Sight {
  turn: Turn;
  skus: string[];
  asked: Answer[];
  /** Orders that clicks of the batch have already. */
  known: OrderDoc[];
  prices: Prices;
  shelf: Shelf;
  /** Whether the shelf was looked at while others were at it. */
  isEarly: boolean;
  promised: ReadonlyMap<string, number>;
  termsOf: DispatchTable;
}

function isOf(order: OrderDoc, { buyer, clickId }: Pick<Ringing, 'buyer' | 'clickId'>): boolean {
  return order.clickId === clickId && buyer.ids.includes(order.buyer);
}

function refused(code: ErrorCode): Outcome<RungUp> {
  return { ok: false, error: new AppError(code) };
}

function repeated(order: OrderDoc): Outcome<RungUp> {
  return { ok: true, value: { order, fresh: false } };
}
