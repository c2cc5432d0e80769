import type { Person, PostalAddress } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { onlyAddress } from './delivery.service.ts';
import type { Moves } from './moves.service.ts';
import type { OrderDoc } from './orders.model.ts';
import type { OrderStore } from './orders.store.ts';
import type { RungUp } from './till.service.ts';
import type { Ringing } from './ringing.rules.ts';

/** A prize that is put aside: what, how many, and until when nobody else may have it. */
export interface PrizeHold {
  /** Says which prize it is: putting it aside twice is putting it aside once. */
  ref: string;
  sku: string;
  qty: number;
  until: Date;
}

export type Prizes = ReturnType<typeof createPrizes>;

/**
 * Things that are given away leave the stock by the way of everything that is sold: rung up by the till, held by an
 * order, sold to the lot. Until there is a winner the order is nobody's, at the regular price and unpaid, so that the
 * clock gives its pieces back by itself; the winner gets it for nothing, in the one write that also makes it paid.
 */
export function createPrizes(deps: {
  store: OrderStore;
  ringUp: (ringing: Ringing) => Promise<RungUp>;
  moves: Moves;
  clock: Clock;
}) {
  const { store, moves, clock } = deps;

  async function cancel(order: OrderDoc, holder: string): Promise<boolean> {
    const moved = await moves.move(order, 'cancelled', {
      by: 'clock',
      why: 'prize not claimed',
      owes: 'release',
      where: { buyer: holder },
    });
    if (moved) await moves.payDebts([moved]);
    return moved !== null;
  }

  async function held(ref: string): Promise<OrderDoc | undefined> {
    const [order] = await store.byClicks([{ buyers: [holderOf(ref)], clickId: ref }]);
    return order;
  }

  return {
    /** Puts a prize aside. @returns the order's code @throws AppError `sold_out`, `not_found`, `unavailable` */
    async hold({ ref, sku, qty, until }: PrizeHold): Promise<string> {
      const buyer = holderOf(ref);
      const holdSeconds = Math.ceil((until.getTime() - clock.now().getTime()) / 1000);
      const { order } = await deps.ringUp({
        buyer: { id: buyer, ids: [buyer], name: '' },
        clickId: ref,
        live: null,
        lines: [{ sku, qty }],
        holdSeconds,
      });
      return order._id;
    },

    /**
     * Gives what was put aside to its winner. Giving it again to the same one is giving it once.
     *
     * @throws AppError `expired` when it is not there any more
     */
    async give(ref: string, code: string, to: { winner: Person; address: PostalAddress }): Promise<OrderDoc> {
      const order = await store.byCode(code);
      if (!order) throw new AppError('expired');
      if (to.winner.ids.includes(order.buyer)) return order;
      if (order.state !== 'awaiting_payment') throw new AppError('expired');
      const given = await moves.move(order, 'paid', {
        by: 'shop',
        why: 'prize',
        owes: 'sell',
        where: { buyer: holderOf(ref) },
        set: forNothing(order, to.winner, to.address, clock.now()),
      });
      if (given) {
        await moves.payDebts([given]);
        return given;
      }
      const now = await store.byCode(code);
      if (now && to.winner.ids.includes(now.buyer)) return now;
      throw new AppError('expired');
    },

    /**
     * Nobody gets it: its pieces go back.
     *
     * @param code as `hold` gave it; left out when it may never have come to that
     * @returns whether somebody has got it already
     */
    async free(ref: string, code?: string): Promise<'given' | 'freed'> {
      const holder = holderOf(ref);
      const order = code ? await store.byCode(code) : await held(ref);
      if (!order || order.state === 'opening') return 'freed';
      if (order.buyer !== holder) return 'given';
      if (order.state !== 'awaiting_payment' || (await cancel(order, holder))) return 'freed';
      const now = await store.byCode(order._id);
      return now && now.buyer !== holder ? 'given' : 'freed';
    },
  };
}

/** Who holds a prize until somebody has won it: nobody who could sign in. */
function holderOf(ref: string): string {
  return `prize:${ref}`;
}

/** A winner pays neither for the goods nor for sending them. */
function forNothing(order: OrderDoc, winner: Person, address: PostalAddress, now: Date) {
  const shipping = order.cooperatives.map((cooperative) => ({
    cooperative,
    grams: order.lines
      .filter((line) => line.cooperative === cooperative)
      .reduce((sum, { grossGrams, qty }) => sum + grossGrams * qty, 0),
    fen: 0,
  }));
  return {
    buyer: winner.id,
    buyerName: winner.name,
    ...(winner.lang ? { lang: winner.lang } : {}),
    address: onlyAddress(address),
    ...Object.fromEntries(
      order.lines.map(({ qty, priceFen }, index) => [`lines.${index}.discountFen`, qty * priceFen]),
    ),
    discountFen: order.goodsFen,
    shipping,
    shippingFen: 0,
    totalFen: 0,
    'payment.paidFen': 0,
    'payment.paidAt': now,
  };
}
