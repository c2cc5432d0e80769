import type { Offer, Offers, Order, Orders } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { groupBy } from '../platform/group.ts';
import { newId } from '../platform/ids.ts';
import { createLane } from '../platform/lane.ts';
import type { Log } from '../platform/log.ts';
import { localDay } from '../platform/views/index.ts';
import type { Stock } from '../stock/index.ts';
import type { EvidenceGoods, MomentDoc } from './evidence.model.ts';
import { byMoment, evidencesOf, momentOf, type Evidence } from './evidence.rules.ts';
import type { EvidenceStore } from './evidence.store.ts';
import type { Lives } from './live.service.ts';

export type EvidenceKeeper = ReturnType<typeof createEvidence>;

export interface Card {
  sku: string;
  lot: string | null;
  since: Date | null;
}

type CardAt = (live: string, at: Date) => Promise<Card | null>;
type ClaimsOn = (sku: string, lots: readonly string[], at: Date) => Promise<string[]>;

/** A place in what was recorded of a live. */
export interface RecordingPlace {
  recording: string;
  offsetMs: number;
}

const DAY_MS = 24 * 3_600_000;

/** What a discount is compared with, by the rules on price promotion: the lowest price of so many days before it. */
const LOWEST_DAYS = 30;

/** Evidence may be written so much later, in ms. */
const REST_MS = 100;

/** A turn looks a little further back than the last one did: processes' clocks differ, and writes take a moment. */
const OVERLAP_MS = 10 * 60_000;

/**
 * Evidence of what was offered when an order was placed in a live. The order tells what was charged and from which
 * lot; the rest is what lay on the table at that second. A process that dies before it has written is made up for by
 * `recover`, from the orders themselves.
 */
export function createEvidence(deps: {
  store: EvidenceStore;
  orders: Pick<Orders, 'byCode' | 'byCodes' | 'placedInLive'>;
  offers: Pick<Offers, 'byId'>;
  stock: Pick<Stock, 'lots'>;
  lives: Lives;
  bus: Bus;
  clock: Clock;
  log: Log;
  /** What lay on the table of a live at an instant. */
  cardAt: CardAt;
  /** What certificates say of a piece of these lots on that day. */
  claimsOn: ClaimsOn;
  /** Where that instant is in the recording; undefined when there is none of it. */
  recordedAt: (live: string, at: Date) => Promise<RecordingPlace | undefined>;
}) {
  const { store, orders, bus, clock, log } = deps;
  let lookedUntil: Date | undefined;

  const lane = createLane<Order, void>({
    maxBatch: 2_000,
    maxWaiting: 20_000,
    // Those who are still waiting for their orders come first.
    restMs: REST_MS,
    async work(placed) {
      await writeOf(placed);
      return placed.map(() => ({ ok: true, value: undefined }));
    },
  });

  async function write(placed: readonly Pick<Order, '_id' | 'batch'>[]): Promise<number> {
    const known = await store.known(placed.map(({ batch }) => batch));
    const missing = placed.flatMap(({ _id }) => (known.has(_id) ? [] : [_id]));
    return missing.length === 0 ? 0 : writeOf(await orders.byCodes(missing));
  }

  async function writeOf(placed: readonly Order[]): Promise<number> {
    const [offerOf, codeOf] = await Promise.all([offersOf(placed), lotCodesOf(placed)]);
    const claims = new Map<string, Promise<string[]>>();
    // In a rush hundreds of batches are of the same piece and the same day: what is asked once is known.
    const claimsOf: ClaimsOn = (sku, lots, at) => {
      const key = [sku, ...lots, localDay(at)].join(' ');
      const asked = claims.get(key) ?? deps.claimsOn(sku, lots, at);
      claims.set(key, asked);
      return asked;
    };
    const groups = byMoment(placed);
    const cardAt = await cardsOf(groups.map(([order]) => order!));
    const moments = await Promise.all(
      groups.map((group) => momentAt(group, { offerOf, codeOf, claimsOf, cardAt })),
    );
    await store.insert(moments);
    return placed.length;
  }

  /** In a rush one card lies on the table all the time: then it is looked up once. */
  async function cardsOf(placed: readonly Order[]): Promise<CardAt> {
    const steady = new Map<string, { card: Card; until: Date }>();
    await Promise.all(
      [...groupBy(placed, ({ live }) => live!)].map(async ([live, some]) => {
        const until = some.reduce(
          (last, { createdAt }) => (createdAt > last ? createdAt : last),
          new Date(0),
        );
        const card = some.length > 1 ? await deps.cardAt(live, until) : null;
        if (card) steady.set(live, { card, until });
      }),
    );
    return async (live, at) => {
      const known = steady.get(live);
      const lay = known?.card.since && known.card.since <= at && at <= known.until;
      return lay ? known.card : deps.cardAt(live, at);
    };
  }

  async function offersOf(placed: readonly Order[]): Promise<Map<string, Offer>> {
    const ids = new Set(placed.flatMap(({ lines }) => lines.flatMap(({ offer }) => offer ?? [])));
    const found = await Promise.all([...ids].map((id) => deps.offers.byId(id)));
    return new Map(found.flatMap((offer) => (offer ? [[offer._id, offer]] : [])));
  }

  async function lotCodesOf(placed: readonly Order[]): Promise<Map<string, string>> {
    const ids = placed.flatMap(({ lines }) => lines.flatMap(({ lots }) => lots.map(({ lot }) => lot)));
    const found = await deps.stock.lots([...new Set(ids)]);
    return new Map(found.map(({ _id, code }) => [_id, code]));
  }

  async function momentAt(
    group: readonly Order[],
    known: {
      offerOf: ReadonlyMap<string, Offer>;
      codeOf: ReadonlyMap<string, string>;
      claimsOf: ClaimsOn;
      cardAt: CardAt;
    },
  ): Promise<MomentDoc> {
    const { live, createdAt: at } = group[0]!;
    const card = await known.cardAt(live!, at);
    const facts = { _id: newId(), card, writtenAt: clock.now() };
    const moment = momentOf(group, facts, (line) => {
      const lots = line.lots.map(({ lot }) => known.codeOf.get(lot) ?? lot);
      const key = [line.sku, line.priceFen, line.offer, ...lots].join(' ');
      return { key, goods: () => goodsOf(line, lots, known.offerOf.get(line.offer ?? '')) };
    });
    await Promise.all(
      moment.goods.map(async (goods) => {
        goods.claims = await known.claimsOf(goods.sku, goods.lots, at);
      }),
    );
    return moment;
  }

  async function byOrder(code: string): Promise<Evidence | undefined> {
    const order = await orders.byCode(code);
    const moment = order && (await store.ofOrder({ code, batch: order.batch }));
    return moment ? evidencesOf(moment).find(({ _id }) => _id === code) : undefined;
  }

  bus.on('order.placed', ({ order }) => {
    if (order.live === null) return;
    lane.enter(order).catch((err: unknown) => {
      log.warn({ err, order: order._id }, 'evidence of this order is left to the next turn of the job');
    });
  });

  return {
    /** Writes what is missing of these orders, all of which were placed in a live. @returns how many it wrote */
    write,

    byOrder,
    async *ofLive(live: string): AsyncGenerator<Evidence> {
      // Two processes may have made up for the same order; what was written first counts.
      const told = new Set<string>();
      for await (const moment of store.ofLive(live)) {
        for (const evidence of evidencesOf(moment)) {
          if (!told.has(evidence._id)) yield evidence;
          told.add(evidence._id);
        }
      }
    },

    /**
     * What was kept, where it is in the recording, and the lowest price that is on record for the thirty days before.
     * Undefined for an order that was not placed in a live.
     */
    async read(code: string) {
      const evidence = await byOrder(code);
      if (!evidence) return undefined;
      const { at, live, lines } = evidence;
      const from = new Date(at.getTime() - LOWEST_DAYS * DAY_MS);
      const [place, ...lowest] = await Promise.all([
        deps.recordedAt(live, at),
        ...lines.map(({ sku }) => store.lowest(sku, { from, to: at })),
      ]);
      return { evidence, place, lowest };
    },

    /**
     * Makes up for what was missed: of the last day at a process's first turn, afterwards since its last. Safe to run
     * twice and on two nodes at once. @returns how many it wrote
     */
    async recover(): Promise<number> {
      const started = clock.now();
      const since = lookedUntil
        ? new Date(lookedUntil.getTime() - OVERLAP_MS)
        : new Date(started.getTime() - DAY_MS);
      const [running, ended] = await Promise.all([deps.lives.running(), deps.lives.ended()]);
      const recent = ended.filter(({ endedAt }) => endedAt !== null && endedAt >= since);
      let written = 0;
      for (const { _id } of [...running, ...recent]) {
        for await (const placed of orders.placedInLive(_id, since)) written += await write(placed);
      }
      lookedUntil = started;
      if (written > 0) log.info({ written }, 'wrote evidence that was missed');
      return written;
    },

    idle: () => lane.idle(),
  };
}

function goodsOf(line: Order['lines'][0], lots: string[], offer: Offer | undefined): EvidenceGoods {
  const { sku, name, variant, priceFen } = line;
  return {
    ...{ sku, name, variant, priceFen, lots, claims: [] },
    regularFen: offer?.regularFen ?? priceFen,
    offer: offer
      ? {
          ...{ id: offer._id, quantity: offer.quantity, perBuyer: offer.perBuyer },
          ...{ opensAt: offer.opensAt, closesAt: offer.closesAt },
        }
      : null,
  };
}
