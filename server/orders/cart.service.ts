import type { Person } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { CartDoc } from './cart.model.ts';
import { changeCart, mergeCarts, withoutOrdered, type CartLine } from './cart.rules.ts';
import type { CartStore } from './cart.store.ts';

export type Carts = ReturnType<typeof createCarts>;

/** Tries before somebody is told to come back: each lost one is a write of the same person from elsewhere. */
const TRIES = 12;
const KEPT_ORDERS = 30;

/**
 * A cart belongs to a person. When a guest signs in, their cart goes into the account's at the next look at it: the
 * write that takes the lines over also says whose they were, so that it happens once wherever a process dies.
 */
export function createCarts(deps: { store: CartStore; catalog: Catalog; clock: Clock }) {
  const { store, catalog, clock } = deps;

  /** The person's cart with the carts of the guests it once was in it. */
  async function read(person: Person): Promise<CartDoc> {
    for (let turn = 0; turn < TRIES; turn += 1) {
      const found = await store.of(person.ids);
      const own = found.find(({ _id }) => _id === person.id) ?? emptyCart(person.id, clock.now());
      const guests = found.filter(({ _id }) => _id !== person.id);
      if (guests.length === 0) return own;
      const fresh = guests.filter(({ _id }) => !own.merged.includes(_id));
      const merged = fresh.length === 0 ? own : takeOver(own, fresh, clock.now());
      if (merged !== own && !(await store.write(merged))) continue;
      // What is in is in: that these go, too, can be done by whoever looks next.
      await store.remove(guests.map(({ _id }) => _id));
      return merged;
    }
    throw new AppError('unavailable', { retryAfter: 1 });
  }

  /** Reads, decides, writes if nobody else did meanwhile; else again. */
  async function change(
    person: Person,
    decide: (cart: CartDoc) => Partial<CartDoc> | undefined,
  ): Promise<CartDoc> {
    for (let turn = 0; turn < TRIES; turn += 1) {
      const cart = await read(person);
      const changed = decide(cart);
      if (!changed) return cart;
      const next = { ...cart, ...changed, version: cart.version + 1, updatedAt: clock.now() };
      if (await store.write(next)) return next;
    }
    throw new AppError('unavailable', { retryAfter: 1 });
  }

  /** @throws AppError `not_found` for what nobody sells, `conflict` for a cart that is full */
  async function put(person: Person, item: { kind: 'add' | 'set'; sku: string; qty: number }) {
    const sellable = (await catalog.sellables([item.sku])).get(item.sku);
    if (!sellable && item.qty > 0) throw new AppError('not_found');
    const cart = await change(person, ({ lines }) => {
      const priceFen = sellable?.variant.priceFen ?? 0;
      const after = changeCart(lines, { ...item, priceFen, now: clock.now() });
      if (after === 'full') throw new AppError('conflict', { fields: { sku: 'cart_full' } });
      return { lines: after };
    });
    return cart.lines;
  }

  return {
    lines: async (person: Person): Promise<CartLine[]> => (await read(person)).lines,

    /** Pieces, for the number beside the basket. Somebody without a session has none. */
    async count(person: Person | undefined): Promise<number> {
      if (!person) return 0;
      return (await read(person)).lines.reduce((sum, { qty }) => sum + qty, 0);
    },

    add: (person: Person, item: { sku: string; qty: number }) => put(person, { kind: 'add', ...item }),
    set: (person: Person, item: { sku: string; qty: number }) => put(person, { kind: 'set', ...item }),

    /** The lines of an order leave the cart, once for each order. Called when the order is in the journal. */
    async leave(person: Person, order: { code: string; lines: readonly { sku: string; qty: number }[] }) {
      await change(person, (cart) => {
        if (cart.ordered.includes(order.code)) return undefined;
        return {
          lines: withoutOrdered(cart.lines, order.lines),
          ordered: [...cart.ordered, order.code].slice(-KEPT_ORDERS),
        };
      });
    },
  };
}

function emptyCart(person: string, now: Date): CartDoc {
  return { _id: person, lines: [], version: 0, merged: [], ordered: [], updatedAt: now };
}

function takeOver(own: CartDoc, guests: readonly CartDoc[], now: Date): CartDoc {
  return {
    ...own,
    lines: guests.reduce((lines, guest) => mergeCarts(lines, guest.lines), own.lines),
    ordered: [...own.ordered, ...guests.flatMap(({ ordered }) => ordered)].slice(-KEPT_ORDERS),
    merged: [...own.merged, ...guests.map(({ _id }) => _id)],
    version: own.version + 1,
    updatedAt: now,
  };
}
