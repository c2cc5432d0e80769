import type { Person } from '../accounts/index.ts';
import type { Catalog, Sellable } from '../catalog/index.ts';
import { covers, type Coupon, type CouponGrants, type Coupons } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newCode } from '../platform/ids.ts';
import './coupon-drops.facts.ts';
import type { DropDoc } from './coupon-drops.model.ts';
import { DROP_ABANDONED_MS, isFalling, type DropEnd } from './coupon-drops.rules.ts';
import type { DropCouponCommand } from './coupon-drops.schema.ts';
import type { DropStore } from './coupon-drops.store.ts';
import { mustDo } from './live.policy.ts';
import type { Live, Lives } from './live.service.ts';

export type Drop = DropDoc;
export type CouponDrops = ReturnType<typeof createCouponDrops>;

const PER_RUN = 100;

/**
 * Coupons that are handed out in a live. The pieces of a drop are kept back from the coupon before anybody can take
 * one, and what nobody took goes back to it once its last place is closed: at no moment do drops and pockets together
 * have more than the coupon's owner gave.
 */
export function createCouponDrops(deps: {
  store: DropStore;
  lives: Lives;
  coupons: Coupons;
  grants: CouponGrants;
  catalog: Catalog;
  bus: Bus;
  clock: Clock;
}) {
  const { store, lives, coupons, grants, bus, clock } = deps;

  async function ownLive(id: string, person: Person): Promise<Live> {
    const live = await lives.byId(id);
    mustDo(live, person, 'stock');
    return live;
  }

  const heapOf = ({ _id, coupon, quantity }: DropDoc) => ({ id: _id, coupon, quantity });

  async function coveredIn(live: Live, coupon: Coupon, sellables?: ReadonlyMap<string, Sellable>) {
    const known = sellables ?? (await deps.catalog.sellables(live.rail));
    return live.rail.filter((sku) => {
      const sellable = known.get(sku);
      if (!sellable) return false;
      const { slug, cooperative } = sellable.product;
      const line = { qty: 1, priceFen: sellable.variant.priceFen, product: slug, cooperative };
      return covers(coupon, line, live._id);
    });
  }

  async function close(drop: DropDoc, reason: DropEnd): Promise<void> {
    const closed = await store.move(drop._id, drop.state, {
      state: 'closed',
      closed: { at: clock.now(), reason },
    });
    if (!closed) return;
    if (drop.state === 'open') bus.tell('coupon.dropClosed', { drop: drop._id, live: drop.live, reason });
    await settle(closed);
  }

  /** Counts what was taken, when nothing more can be, and gives the rest back. Doing it twice is doing it once. */
  async function settle(drop: DropDoc): Promise<void> {
    const taken = await grants.seal(heapOf(drop));
    await coupons.setDrop(drop.coupon, drop._id, taken);
    await store.settle(drop._id, taken);
  }

  async function attendOne(drop: DropDoc): Promise<void> {
    const now = clock.now();
    if (drop.state === 'closed') return settle(drop);
    if (drop.state === 'open' && drop.closesAt <= now) return close(drop, 'time');
    if (drop.state === 'preparing' && drop.createdAt.getTime() + DROP_ABANDONED_MS < now.getTime()) {
      await close(drop, 'abandoned');
    }
  }

  return {
    byId: (id: string) => store.byId(id),
    ofLive: (live: string) => store.ofLive(live, PER_RUN),

    /** Those that fall, or whose countdown runs, with their coupon and how many are left. */
    async openIn(live: string): Promise<{ drop: DropDoc; coupon: Coupon; left: number }[]> {
      const open = await store.openIn(live);
      const found = await coupons.byCodes(open.map(({ coupon }) => coupon));
      const taken = await Promise.all(open.map(({ _id }) => grants.countTaken(_id)));
      return open.flatMap((drop, index) => {
        const coupon = found.find(({ _id }) => _id === drop.coupon);
        return coupon ? { drop, coupon, left: Math.max(0, drop.quantity - taken[index]!) } : [];
      });
    },

    /** What may be dropped in this live: held coupons that are worth something on its rail. */
    async choices(liveId: string, person: Person): Promise<Coupon[]> {
      const live = await ownLive(liveId, person);
      const [all, sellables] = await Promise.all([coupons.forDrops(), deps.catalog.sellables(live.rail)]);
      const covered = await Promise.all(all.map((coupon) => coveredIn(live, coupon, sellables)));
      return all.filter((_coupon, index) => covered[index]!.length > 0);
    },

    /** The SKUs of the rail on which a coupon is worth something. */
    async covered(liveId: string, found: readonly Coupon[]): Promise<string[][]> {
      const live = await lives.byId(liveId);
      const sellables = await deps.catalog.sellables(live.rail);
      return Promise.all(found.map((coupon) => coveredIn(live, coupon, sellables)));
    },

    /**
     * @throws AppError `forbidden`, `live_not_running`, `not_found` for a coupon that is none for lives or covers
     *   nothing here, `expired` for one that ends before the drop, `coupon_used_up` when not so many are left
     */
    async drop(command: DropCouponCommand, person: Person): Promise<DropDoc> {
      const live = await ownLive(command.liveId, person);
      if (live.state !== 'live') throw new AppError('live_not_running');
      const coupon = await coupons.byCode(command.coupon);
      if (!coupon?.held || (await coveredIn(live, coupon)).length === 0) throw new AppError('not_found');
      const now = clock.now();
      const opensAt = new Date(now.getTime() + command.countdown * 1000);
      const closesAt = new Date(opensAt.getTime() + command.seconds * 1000);
      if (coupon.stoppedAt || coupon.from > opensAt || coupon.until < closesAt) throw new AppError('expired');
      const doc: DropDoc = {
        ...{ _id: newCode(), live: live._id, coupon: coupon._id, quantity: command.quantity },
        ...{ opensAt, closesAt, state: 'preparing', closed: null, taken: null },
        ...{ by: person.id, createdAt: now },
      };
      await store.insert(doc);
      try {
        await coupons.setDrop(coupon._id, doc._id, doc.quantity);
      } catch (error) {
        await close(doc, 'abandoned');
        throw error;
      }
      const opened = await store.move(doc._id, 'preparing', { state: 'open' });
      if (!opened) {
        // Taken for abandoned: it has been settled, and what was kept after that is nobody's.
        await coupons.setDrop(coupon._id, doc._id, 0);
        throw new AppError('unavailable');
      }
      bus.tell('coupon.dropped', { drop: doc._id, live: live._id });
      return opened;
    },

    /**
     * A piece for somebody. Taking again is having it.
     *
     * @throws AppError `not_found`, `expired` before and after its time, `coupon_used_up` when nothing is left
     */
    async take(liveId: string, id: string, person: Person): Promise<DropDoc> {
      const drop = await store.byId(id);
      if (!drop || drop.live !== liveId) throw new AppError('not_found');
      if (!isFalling(drop, clock.now())) {
        if (await grants.has(id, person)) return drop;
        throw new AppError('expired');
      }
      if ((await grants.take(heapOf(drop), person)) === 'taken') {
        bus.tell('coupon.taken', { drop: id, live: liveId });
      }
      return drop;
    },

    /** Of these drops, those that somebody has taken from. */
    async takenOf(drops: readonly string[], person: Person): Promise<string[]> {
      const has = await Promise.all(drops.map((drop) => grants.has(drop, person)));
      return drops.filter((_drop, index) => has[index]);
    },

    /** @throws AppError `forbidden`, `not_found` */
    async close(liveId: string, id: string, person: Person): Promise<void> {
      await ownLive(liveId, person);
      const drop = await store.byId(id);
      if (!drop || drop.live !== liveId) throw new AppError('not_found');
      if (drop.state === 'open') await close(drop, 'host');
    },

    async closeAllIn(live: string): Promise<void> {
      for (const drop of await store.openIn(live)) await close(drop, 'live_ended');
    },

    /** Ends what has had its time and finishes what is half done. Safe to run twice and on two nodes at once. */
    async attend(): Promise<void> {
      for (const drop of await store.unsettled(PER_RUN)) await attendOne(drop);
    },

    idle: () => grants.idle(),
  };
}
