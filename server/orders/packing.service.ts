import { createHash } from 'node:crypto';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { CODE_ALPHABET } from '../platform/ids.ts';
import './orders.facts.ts';
import type { OrderDoc, Parcel } from './orders.model.ts';
import type { HistoryEntry } from './orders.rules.ts';
import { factOf } from './moves.service.ts';
import {
  deliver,
  pack,
  ship,
  statesToFollow,
  unpack,
  type Decision,
  type PackedItem,
  type Sending,
} from './packing.rules.ts';
import type { PackingStore } from './packing.store.ts';

export type Packing = ReturnType<typeof createPacking>;

/** The member at the packing table, and for which cooperative. */
export interface Packer {
  id: string;
  cooperative: string;
}

type ParcelFactName = 'parcel.packed' | 'parcel.unpacked' | 'parcel.shipped' | 'parcel.delivered';

interface Change {
  parcel: string;
  by: string;
  tells: ParcelFactName;
  /** Whether this order is theirs; to the others it does not exist. */
  mine: (order: OrderDoc) => boolean;
  decide: (order: OrderDoc, now: Date) => Decision;
}

/** Somebody else's change is in the way at most this often in a row; each time somebody has got something done. */
const TRIES = 50;

/**
 * Boxes for paid orders. Packing changes no stock: the pieces were sold when the order was paid. A parcel and the
 * state that follows from it are one write, so there is nothing to recover.
 */
export function createPacking(deps: { store: PackingStore; bus: Bus; clock: Clock }) {
  const { store, bus, clock } = deps;

  async function change(code: string, asked: Change): Promise<OrderDoc> {
    for (let turn = 0; turn < TRIES; turn += 1) {
      const before = await store.read(code);
      if (!before || before.state === 'opening' || !asked.mine(before)) throw new AppError('not_found');
      const now = clock.now();
      const decision = asked.decide(before, now);
      if ('refused' in decision) throw refusal(decision);
      if (!decision.changed) return before;
      const entries = entriesFor(before, decision.parcels, { at: now, by: asked.by, why: asked.tells });
      const after = await store.write({ before, parcels: decision.parcels, entries });
      if (after) return told(before, after, entries, asked);
    }
    throw new AppError('unavailable', { retryAfter: 1 });
  }

  function told(
    before: OrderDoc,
    after: OrderDoc,
    entries: readonly HistoryEntry[],
    { parcel, tells }: Change,
  ) {
    const found = [...after.parcels, ...before.parcels].find((one) => one.code === parcel);
    bus.tell(tells, {
      order: after._id,
      parcel,
      cooperative: found?.cooperative ?? '',
      buyer: after.buyer,
      state: after.state,
    });
    for (const { from, to } of entries) if (from) bus.tell('order.moved', { ...factOf(after), from, to });
    return after;
  }

  const ofTheirs =
    ({ cooperative }: Packer) =>
    ({ cooperatives }: OrderDoc) =>
      cooperatives.includes(cooperative);

  return {
    /**
     * Puts pieces of a cooperative's lines into a new box. Once by the command's id.
     *
     * @throws AppError `not_found`, `conflict` when a line has fewer pieces left (`line<n>` says how many) or the
     *   order is not to be packed
     */
    pack(
      code: string,
      command: { commandId: string; items: readonly PackedItem[] },
      by: Packer,
    ): Promise<OrderDoc> {
      const parcel = parcelCode(code, command.commandId);
      return change(code, {
        parcel,
        by: by.id,
        tells: 'parcel.packed',
        mine: ofTheirs(by),
        decide: (order, now) => pack(order, newParcel(parcel, command.items, by, now)),
      });
    },

    /** Opens a box again. @throws AppError `not_found`, `conflict` when it has left */
    unpack: (code: string, parcel: string, by: Packer): Promise<OrderDoc> =>
      change(code, {
        parcel,
        by: by.id,
        tells: 'parcel.unpacked',
        mine: ofTheirs(by),
        decide: (order) => unpack(order, { code: parcel, cooperative: by.cooperative }),
      }),

    /** Hands a box to a carrier, or corrects its number. @throws AppError `not_found`, `conflict` */
    ship: (code: string, parcel: string, sending: Sending, by: Packer): Promise<OrderDoc> =>
      change(code, {
        parcel,
        by: by.id,
        tells: 'parcel.shipped',
        mine: ofTheirs(by),
        decide: (order, at) => ship(order, { code: parcel, cooperative: by.cooperative }, { ...sending, at }),
      }),

    /** The cooperative knows that it has arrived. @throws AppError `not_found`, `conflict` when it has not left */
    deliver: (code: string, parcel: string, by: Packer): Promise<OrderDoc> =>
      change(code, {
        parcel,
        by: by.id,
        tells: 'parcel.delivered',
        mine: ofTheirs(by),
        decide: (order, at) => deliver(order, { code: parcel, cooperative: by.cooperative }, at),
      }),

    /** Nobody has told for so long that it counts as arrived. @throws AppError `not_found`, `conflict` */
    arrive: (code: string, parcel: string): Promise<OrderDoc> =>
      change(code, {
        parcel,
        by: 'clock',
        tells: 'parcel.delivered',
        mine: () => true,
        decide: (order, at) => deliver(order, { code: parcel }, at),
      }),

    /** The buyer has it in hand. @throws AppError `not_found`, `conflict` when it has not left */
    receive: (code: string, parcel: string, buyer: { id: string; mine: (order: OrderDoc) => boolean }) =>
      change(code, {
        parcel,
        by: buyer.id,
        tells: 'parcel.delivered',
        mine: buyer.mine,
        decide: (order, at) => deliver(order, { code: parcel }, at),
      }),
  };
}

function entriesFor(
  before: OrderDoc,
  parcels: readonly Parcel[],
  entry: Pick<HistoryEntry, 'at' | 'by' | 'why'>,
): HistoryEntry[] {
  let from = before.state;
  return statesToFollow({ ...before, parcels }).map((to) => {
    const step = { at: entry.at, from, to, by: entry.by, why: entry.why };
    from = to;
    return step;
  });
}

function refusal(decision: Extract<Decision, { refused: string }>): AppError {
  switch (decision.refused) {
    case 'too_many':
      return new AppError('conflict', {
        fields: { [`line${decision.line}`]: 'at_most' },
        values: { n: decision.left },
      });
    case 'unknown_line':
    case 'unknown_parcel':
      return new AppError('not_found');
    case 'not_now':
      return new AppError('conflict');
  }
}

function newParcel(code: string, items: readonly PackedItem[], by: Packer, now: Date): Parcel {
  return {
    code,
    cooperative: by.cooperative,
    items: items.map(({ line, qty }) => ({ line, qty })),
    state: 'packed',
    carrier: null,
    tracking: null,
    packedAt: now,
    packedBy: by.id,
    shippedAt: null,
    deliveredAt: null,
  };
}

/** The same command gives the same code, and nobody can choose what it is. */
function parcelCode(order: string, commandId: string): string {
  const bytes = createHash('sha256').update(`${order} ${commandId}`).digest();
  let rest = bytes.readBigUInt64BE();
  return Array.from({ length: 12 }, () => {
    const sign = CODE_ALPHABET[Number(rest % BigInt(CODE_ALPHABET.length))];
    rest /= BigInt(CODE_ALPHABET.length);
    return sign;
  }).join('');
}
