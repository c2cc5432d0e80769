import type { Person } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Payments } from '../payments/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { tryEach } from '../platform/each.ts';
import { AppError } from '../platform/errors.ts';
import type { Log } from '../platform/log.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { Stock } from '../stock/index.ts';
import type { AskingDeps } from './asking.service.ts';
import { auditLot, auditMoves, auditPieces, type Difference } from './audit.rules.ts';
import type { Dispatch } from './dispatch.service.ts';
import type { Terms } from './checkout.rules.ts';
import { createMoves, factOf } from './moves.service.ts';
import type { Offers } from './offers.service.ts';
import type { OrderDoc } from './orders.model.ts';
import { ORDER_MOVES, owesNothing, unreachableStates } from './orders.rules.ts';
import type { PlaceOrderCommand } from './orders.schema.ts';
import type { OrderStore } from './orders.store.ts';
import { createPrizes } from './prizes.service.ts';
import { createRefunds } from './refunds.service.ts';
import { createSettlement } from './settlement.service.ts';
import { createWaits } from './waits.service.ts';
import type { WaitStore } from './waits.store.ts';
import { createTill, type RungUp } from './till.service.ts';
import type { Claim } from './claiming.rules.ts';

export type Order = OrderDoc;
export type Orders = ReturnType<typeof createOrders>;

export interface OrdersDeps extends AskingDeps {
  store: OrderStore;
  stock: Stock;
  catalog: Catalog;
  offers: Offers;
  /** What orders need besides stock. */
  claims: readonly Claim[];
  /** What cooperatives promise about sending. */
  dispatch: Pick<Dispatch, 'terms'>;
  payments: Payments;
  waits: WaitStore;
  bus: Bus;
  clock: Clock;
  log: Log;
  metrics: Metrics;
}

const PER_RUN = 500;

export function createOrders(deps: OrdersDeps) {
  const { store, stock, bus, clock, metrics } = deps;
  const unreachable = unreachableStates(ORDER_MOVES, 'opening');
  if (unreachable.length > 0) throw new Error(`no way leads to order state ${unreachable.join(', ')}`);
  const till = createTill({ ...deps, promised: deps.waits.wanted });
  const waits = createWaits({ ...deps, store: deps.waits, orders: store, ringUp: till.ringUp });

  const moves = createMoves(deps);
  const refunds = createRefunds({ ...deps, moves });
  const settlement = createSettlement({ ...deps, moves, refunds });

  const prizes = createPrizes({ store, ringUp: till.ringUp, moves, clock });

  // Best effort: a payment that succeeds all the same is settled as a late one.
  bus.on('order.moved', async ({ code, to }) => {
    if (to === 'expired' || to === 'cancelled') await deps.payments.cancel(code);
  });

  async function auditOnce(): Promise<Difference[]> {
    const lots = await stock.allLots();
    const books = await Promise.all(lots.map(async (lot) => ({ lot, ledger: await stock.ledger(lot._id) })));
    return [
      ...books.flatMap(({ lot, ledger }) => auditLot(lot, ledger)),
      ...auditMoves(books),
      ...auditPieces(lots, await store.all()),
    ];
  }

  async function audit(): Promise<Difference[]> {
    const first = await auditOnce();
    if (first.length === 0) return first;
    const again = new Set((await auditOnce()).map((difference) => JSON.stringify(difference)));
    return first.filter((difference) => again.has(JSON.stringify(difference)));
  }

  return {
    /**
     * Places an order: the price of this instant, pieces held for a limited time, written to the journal before
     * this resolves. The same click by the same buyer gives the first order again.
     *
     * @param agreed what the buyer has agreed to; it holds to the fen, or there is no order
     * @throws AppError `sold_out`, `not_found`, `live_not_running`, `unavailable`; `conflict` when what was agreed
     *   does not hold any more, `coupon_used_up`, `coupon_limit`
     */
    async place(command: PlaceOrderCommand, buyer: Person, agreed?: Terms): Promise<RungUp> {
      try {
        const live = command.liveId ?? null;
        const rung = await till.ringUp({
          buyer: { id: buyer.id, ids: buyer.ids, name: buyer.name, lang: buyer.lang },
          clickId: command.clickId,
          live,
          lines: command.lines.map(({ sku, qty }) => ({ sku, qty })),
          offer: offerOf(command),
          holdSeconds: 'sale',
          terms: agreed ?? 'standing',
        });
        if (rung.fresh) {
          const isReachable = !buyer.guest || rung.order.email !== null;
          bus.tell('order.placed', { ...factOf(rung.order), isReachable, order: rung.order });
        }
        metrics.orders.inc({ outcome: rung.fresh ? 'placed' : 'repeated' });
        return owesNothing(rung.order) ? { ...rung, order: await settlement.payNothing(rung.order) } : rung;
      } catch (error) {
        metrics.orders.inc({ outcome: error instanceof AppError ? error.code : 'internal' });
        throw error;
      }
    },

    /** @throws AppError `not_found`, `conflict` when it awaits payment no more */
    async cancel(code: string, by: { id: string; mine: (order: Order) => boolean }): Promise<Order> {
      const order = await store.byCode(code);
      if (!order || !by.mine(order)) throw new AppError('not_found');
      if (order.state === 'cancelled') return order;
      const moved = await moves.move(order, 'cancelled', {
        by: by.id,
        why: 'cancelled by buyer',
        owes: 'release',
      });
      if (!moved) throw new AppError('conflict');
      await moves.payDebts([moved]);
      return moved;
    },

    /** What payments have to tell; for the payment side and its tests. Each event has its effect once. */
    settle: settlement.settle,
    openPayment: settlement.open,
    /** An order that costs nothing is paid as soon as it knows where it goes. @returns it as it is then */
    payNothing: settlement.payNothing,
    requestRefund: refunds.request,
    declineRefund: refunds.decline,
    refund: refunds.refund,

    /** Things that are given away. */
    prizes,

    joinLine: waits.join,
    leaveLine: waits.leave,
    attendLines: waits.attend,
    waitsOf: waits.of,
    offeredTo: waits.offeredTo,

    /** Ends holds that have run out. Safe to run twice and on two nodes at once. @returns how many */
    async expireHolds(): Promise<number> {
      // An order is not ended before the batch that it came of: what a batch did not need is told by its orders' lots.
      // One that cannot be finished holds up no other's pieces; `recover` tells of it.
      await till.finishAbandoned().catch(() => {});
      const due = await store.expired(clock.now(), PER_RUN);
      const ended: Order[] = [];
      for (const order of due) {
        if (owesNothing(order)) {
          await settlement.payNothing(order);
          continue;
        }
        const moved = await moves.move(order, 'expired', {
          by: 'clock',
          why: 'not paid in time',
          owes: 'release',
        });
        if (moved) ended.push(moved);
      }
      await moves.payDebts(ended);
      return ended.length;
    },

    /**
     * Finishes what a process left half done when it died.
     *
     * @throws AggregateError of what cannot be finished; it holds up nobody's pieces and nobody's money
     */
    async recover(): Promise<void> {
      await tryEach(
        [
          () => till.finishAbandoned(),
          async () => moves.payEach(await store.owing(PER_RUN)),
          async () => tryEach(await store.withNothingToPay(PER_RUN), settlement.payNothing),
          () => refunds.recover(),
        ],
        (part) => part(),
      );
    },

    async byCode(code: string): Promise<Order | undefined> {
      const order = await store.byCode(code);
      return order && order.state !== 'opening' ? order : undefined;
    },
    /** The order that this click made already. */
    async byClick(clickId: string, buyer: Person): Promise<Order | undefined> {
      const found = await store.byClicks([{ buyers: buyer.ids, clickId }]);
      return found.find(({ state }) => state !== 'opening');
    },
    ofBuyer: (person: Person) => store.ofBuyers(person.ids, 100),
    ofCooperative: (cooperative: string, before: Date | undefined, limit: number) =>
      store.ofCooperative(cooperative, before, limit),
    byCodes: (codes: readonly string[]) => store.byCodes(codes),
    placedInLive: (live: string, since: Date) => store.placedInLive(live, since),
    ofLive: (live: string, limit: number) => store.ofLive(live, limit),
    sumsOfLive: (live: string) => store.sumsOfLive(live),

    /**
     * Compares ledger, balances, holds and orders, to the piece. Meant for a quiet moment: what is being written
     * while it reads may show as a difference, so a difference counts when it is there twice.
     */
    audit,

    async auditAndReport(): Promise<void> {
      const differences = await audit();
      metrics.auditDifferences.set(differences.length);
      if (differences.length > 0)
        deps.log.error({ differences: differences.slice(0, 20) }, 'the books differ');
    },

    idle: () => till.idle(),
  };
}

/** A flash offer is bought alone: in a basket its price would be one of several. */
function offerOf({ lines }: PlaceOrderCommand): string | undefined {
  const offer = lines.find(({ offerId }) => offerId !== undefined)?.offerId;
  if (offer !== undefined && lines.length > 1) {
    throw new AppError('invalid', { fields: { lines: 'offer_alone' } });
  }
  return offer;
}
