import type { Person } from '../accounts/index.ts';
import type { Catalog, Claims } from '../catalog/index.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { AppError } from '../platform/errors.ts';
import { newCode } from '../platform/ids.ts';
import type { CouponDoc } from './coupons.model.ts';
import {
  applyCoupon,
  couponState,
  firstFree,
  someFree,
  type CouponLine,
  type CouponOutcome,
} from './coupons.rules.ts';
import type { MakeCouponCommand } from './coupons.schema.ts';
import type { CouponStore } from './coupons.store.ts';

export type Coupon = CouponDoc;
export type Coupons = ReturnType<typeof createCoupons>;

export type CouponClaim = 'claimed' | 'coupon_used_up' | 'coupon_limit';

/** Who uses a coupon: the id that orders, and those of the guests that this person once was. */
export interface CouponUser {
  id: string;
  ids: readonly string[];
}

/** Who makes coupons, and for whose goods. */
export interface CouponMaker {
  id: string;
  /** An admin makes them for the whole shop, too. */
  admin: boolean;
  cooperatives: readonly string[];
}

/** Longer than any process can hang between two steps of a batch and still be alive. */
const VOID_KEPT_MS = 24 * 3600 * 1000;
const PER_PAGE = 100;

export function createCoupons(deps: {
  /** A code may be a word; without this none is looked at. */
  claims?: Pick<Claims, 'refuse'>;
  store: CouponStore;
  catalog: Catalog;
  clock: Clock;
  /** How many pieces of a coupon somebody holds, for one that only its holders may use. */
  granted?: (coupon: string, people: readonly string[]) => Promise<number>;
}) {
  const { store, catalog, clock } = deps;

  /** @throws AppError `forbidden` for goods that are not the maker's */
  async function checkScope(command: MakeCouponCommand, by: CouponMaker): Promise<void> {
    const { cooperative, scope } = command;
    if (cooperative === null) {
      if (!by.admin) throw new AppError('forbidden');
      return;
    }
    if (!by.cooperatives.includes(cooperative)) throw new AppError('forbidden');
    if (scope.kind === 'cooperatives' || scope.kind === 'live') throw new AppError('forbidden');
    if (scope.kind !== 'products') return;
    const own = new Set((await catalog.ofCooperative(cooperative)).map(({ slug }) => slug));
    if (!scope.products.every((slug) => own.has(slug))) throw new AppError('forbidden');
  }

  /** A code that says what a certificate must cover is for products that have one. @throws AppError `claim_not_covered` */
  async function mustBeProven({ code, scope }: MakeCouponCommand): Promise<void> {
    if (code === undefined || !deps.claims) return;
    const slugs = scope.kind === 'products' ? scope.products : [];
    const products = await Promise.all(slugs.map((slug) => catalog.product(slug)));
    const skus = products.flatMap(({ variants }) => variants.map(({ sku }) => sku));
    await deps.claims.refuse({ fields: { code }, skus });
  }

  /** How often somebody may use it: one that is held only as often as they hold it. */
  async function allowed(coupon: Coupon, people: readonly string[]): Promise<number> {
    if (!coupon.held) return coupon.perPerson;
    return Math.min(coupon.perPerson, (await deps.granted?.(coupon._id, people)) ?? 0);
  }

  /** Tries free tickets until one is claimed or none is left. Every lost try is somebody else's success. */
  async function claimOne(
    coupon: Coupon,
    { order, late }: { order: string; late: boolean },
    user: CouponUser,
  ): Promise<CouponClaim> {
    const most = await allowed(coupon, [user.id, ...user.ids]);
    for (;;) {
      const used = await store.nthsOf(coupon._id, [user.id, ...user.ids]);
      const nth = used.length < most ? firstFree(new Set(used), most) : undefined;
      if (nth === undefined) return (await has(order)) ? 'claimed' : 'coupon_limit';
      const ticket = someFree(await store.ticketsOf(coupon._id), coupon.total, Math.random());
      if (ticket === undefined) return (await has(order)) ? 'claimed' : 'coupon_used_up';
      const _id = `${coupon._id}#${ticket}`;
      const at = clock.now();
      const result = await store.insertUse({
        _id,
        coupon: coupon._id,
        ticket,
        person: user.id,
        nth,
        order,
        at,
        ...(late ? { late } : {}),
      });
      if (result === 'claimed') return 'claimed';
      // This order has its ticket already, or was given up.
      if (result === 'order') return (await has(order)) ? 'claimed' : 'coupon_used_up';
    }
  }

  async function has(order: string): Promise<boolean> {
    return ((await store.byOrder(order))?.coupon ?? null) !== null;
  }

  async function sealOrders(orders: readonly string[]): Promise<Set<string>> {
    const at = clock.now();
    for (const order of orders) {
      const nobody = { coupon: null, ticket: 0, person: null, nth: 0 };
      await store.insertUse({ _id: `void#${order}`, ...nobody, order, at });
    }
    const uses = await store.usesOfOrders(orders);
    return new Set(uses.filter(({ coupon }) => coupon !== null).map(({ order }) => order));
  }

  return {
    /** @throws AppError `forbidden` for goods that are not the maker's, `conflict` for a code that is taken */
    async make(command: MakeCouponCommand, by: CouponMaker): Promise<Coupon> {
      await checkScope(command, by);
      await mustBeProven(command);
      const { code, ...terms } = command;
      const doc: CouponDoc = {
        _id: code ?? newCode().slice(0, 10),
        ...terms,
        stoppedAt: null,
        by: by.id,
        createdAt: clock.now(),
      };
      try {
        await store.insert(doc);
      } catch (error) {
        if (isDuplicateKey(error)) throw new AppError('conflict', { fields: { code: 'taken' } });
        throw error;
      }
      return doc;
    },

    /** The latest of a cooperative, or of the shop, with how many of each are in use. */
    async ofOwner(cooperative: string | null): Promise<{ coupon: Coupon; used: number }[]> {
      const found = await store.ofOwner(cooperative, PER_PAGE);
      const used = await store.usesOf(found.map(({ _id }) => _id));
      return found.map((coupon) => ({ coupon, used: used.get(coupon._id) ?? 0 }));
    },

    /** Orders that have it keep it. @throws AppError `not_found`, also for another's */
    async stop(code: string, by: CouponMaker): Promise<Coupon> {
      const coupon = await store.byCode(code);
      const own = coupon?.cooperative ? by.cooperatives.includes(coupon.cooperative) : by.admin;
      if (!coupon || !own) throw new AppError('not_found');
      await store.stop(code, clock.now());
      return coupon;
    },

    byCode: (code: string) => store.byCode(code),
    byCodes: (codes: readonly string[]) => store.byCodes(codes),

    /** How many uses of it a person has left. */
    async leftFor(coupon: Coupon, user: Person): Promise<number> {
      const [most, used] = await Promise.all([allowed(coupon, user.ids), store.nthsOf(coupon._id, user.ids)]);
      return Math.max(0, most - used.length);
    },

    /** Those that a live may hand out now. */
    forDrops: () => store.heldRunning(clock.now(), PER_PAGE),

    /**
     * Keeps so many pieces for a drop, or settles how many it has come to: together never more than there are. The
     * same drop again changes its own number.
     *
     * @throws AppError `not_found`, `coupon_used_up` when there are not so many left
     */
    async setDrop(code: string, drop: string, pieces: number): Promise<void> {
      for (;;) {
        const coupon = await store.byCode(code);
        if (!coupon?.held) throw new AppError('not_found');
        const others = (coupon.drops ?? []).filter(({ id }) => id !== drop);
        const before = (coupon.drops ?? []).find(({ id }) => id === drop)?.pieces ?? 0;
        if (pieces > before && pieces + sumOf(others) > coupon.total) throw new AppError('coupon_used_up');
        const drops = pieces > 0 ? [...others, { id: drop, pieces }] : others;
        if (await store.setDrops(code, coupon.dropSeq ?? 0, drops)) return;
      }
    },

    /** What a code would take off now, for this person; nothing is claimed. */
    async preview(
      code: string,
      user: Person,
      goods: { lines: readonly CouponLine[]; live: string | null },
    ): Promise<{ coupon: Coupon | null; outcome: CouponOutcome }> {
      const coupon = await store.byCode(code);
      if (!coupon) return { coupon, outcome: { ok: false, reason: 'unknown' } };
      const most = await allowed(coupon, user.ids);
      // Whoever holds none of it learns nothing of it.
      if (most === 0) return { coupon: null, outcome: { ok: false, reason: 'unknown' } };
      const outcome = applyCoupon(coupon, goods.lines, { live: goods.live, now: clock.now() });
      if (!outcome.ok) return { coupon, outcome };
      const [uses, nths] = await Promise.all([store.usesOf([code]), store.nthsOf(code, user.ids)]);
      if (nths.length >= most) return { coupon, outcome: { ok: false, reason: 'person_limit' } };
      if ((uses.get(code) ?? 0) >= coupon.total) return { coupon, outcome: { ok: false, reason: 'used_up' } };
      return { coupon, outcome };
    },

    /** One use for an order; claiming again for the same order is the same use. */
    async claim(code: string, order: string, user: CouponUser): Promise<CouponClaim> {
      const coupon = await store.byCode(code);
      if (!coupon || couponState(coupon, clock.now()) !== 'running') return 'coupon_used_up';
      return claimOne(coupon, { order, late: false }, user);
    },

    /**
     * For an order that lapsed and was paid all the same. Its buyer has kept to the coupon's time, so only its limits
     * are asked, and whether it has been stopped. An order that gets none now never gets one: whoever asks again, or at
     * the same moment in another process, gets the same answer.
     */
    async claimAgain(code: string, order: string, user: CouponUser): Promise<boolean> {
      const coupon = await store.byCode(code);
      const mayClaim = coupon !== null && coupon.stoppedAt === null;
      if (mayClaim && (await claimOne(coupon, { order, late: true }, user)) === 'claimed') return true;
      return (await sealOrders([order])).has(order);
    },

    /** Those of the orders that have no use can claim none any more. @returns the orders that have one */
    seal: sealOrders,

    /**
     * Tickets that orders got when they were rung up can be claimed by others; what was claimed again stays. Giving back
     * twice is giving back once.
     */
    giveBack: (orders: readonly string[]) => store.removeUses(orders, false),
    /** The ticket that an order got again for a late payment. */
    giveBackAgain: (order: string) => store.removeUses([order], true),

    forgetVoids: () => store.removeVoids(new Date(clock.now().getTime() - VOID_KEPT_MS)),
  };
}

/** Pieces that drops have of a coupon. */
export function sumOf(drops: readonly { pieces: number }[]): number {
  return drops.reduce((sum, { pieces }) => sum + pieces, 0);
}
