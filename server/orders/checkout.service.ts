import type { Addresses, Person, PostalAddress } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Localized } from '../platform/lang.ts';
import type { Stock } from '../stock/index.ts';
import { newsOf, type CartNews } from './cart.rules.ts';
import type { Carts } from './cart.service.ts';
import {
  agreedTerms,
  changesSince,
  quote,
  shownOf,
  type Quote,
  type QuoteChange,
  type QuoteLine,
  type Shown,
} from './checkout.rules.ts';
import { normaliseCoupon, type CouponOutcome } from './coupons.rules.ts';
import type { Coupon, Coupons } from './coupons.service.ts';
import type { ShipPromise } from './dispatch.rules.ts';
import type { Dispatch } from './dispatch.service.ts';
import { onlyAddress } from './delivery.service.ts';
import { isOpen } from './offers.rules.ts';
import type { Offers } from './offers.service.ts';
import type { Order, Orders } from './orders.service.ts';
import type { Shipping } from './shipping.service.ts';

export type Checkout = ReturnType<typeof createCheckout>;

export interface CheckoutDeps {
  orders: Orders;
  carts: Carts;
  coupons: Coupons;
  shipping: Shipping;
  dispatch: Dispatch;
  addresses: Addresses;
  offers: Offers;
  catalog: Catalog;
  stock: Stock;
  clock: Clock;
}

/** What is to be bought: one thing, or the cart: all of it, or the chosen lines. */
export interface Asked {
  sku?: string | undefined;
  qty: number;
  live?: string | undefined;
  offer?: string | undefined;
  pick: readonly string[];
}

/** A line of the cart or the checkout as it is at this instant. */
export interface DrawnLine extends QuoteLine {
  name: Localized;
  variant: Localized;
  image: string;
  available: number;
  /** By when so many pieces are sent, ordered now; left out in a cart, and of what has run out. */
  ships?: ShipPromise | undefined;
  news: CartNews[];
}

export interface Drawn {
  fromCart: boolean;
  lines: DrawnLine[];
  /** Chosen lines that cannot be bought now at all: they stay in the cart. */
  left: { sku: string; name: Localized | null; news: CartNews[] }[];
  quote: Quote;
  coupon: { code: string; found: Coupon | null; outcome: CouponOutcome } | null;
  tables: Awaited<ReturnType<Shipping['tables']>>;
}

export interface PlaceRequest {
  asked: Asked;
  clickId: string;
  address: PostalAddress;
  /** The address was written here: it goes into the book. */
  isNewAddress: boolean;
  email: string | undefined;
  note: string;
  coupon: string;
  /** What the page showed; nothing is charged that it did not. */
  shown: Shown | undefined;
}

export type PlaceResult = { order: Order } | { order: undefined; changes: QuoteChange[] };

/** From a basket to an order whose total is the one that was shown, to the fen. */
export function createCheckout(deps: CheckoutDeps) {
  const { orders, carts, coupons, shipping, dispatch, addresses, offers, catalog, stock, clock } = deps;

  /** Lines with what they are now; those that nobody sells any more have no `now`. */
  async function lookUp(wanted: readonly { sku: string; qty: number; priceFen?: number }[]) {
    const skus = wanted.map(({ sku }) => sku);
    const [sellables, available] = await Promise.all([catalog.sellables(skus), stock.availability(skus)]);
    return wanted.map((line) => {
      const sellable = sellables.get(line.sku);
      if (!sellable) return { line, now: undefined, news: newsOf(withPrice(line, 0), undefined) };
      const { product, variant } = sellable;
      const pieces = available.get(line.sku) ?? 0;
      const news = newsOf(withPrice(line, variant.priceFen), {
        priceFen: variant.priceFen,
        available: pieces,
      });
      const now: DrawnLine = {
        sku: line.sku,
        qty: line.qty,
        priceFen: variant.priceFen,
        product: product.slug,
        cooperative: product.cooperative,
        grossGrams: variant.grossGrams,
        name: product.name,
        variant: variant.name,
        image: product.image,
        available: pieces,
        news,
      };
      return { line, now, news };
    });
  }

  /** @throws AppError `not_found` for what nobody sells */
  async function drawOne(asked: Asked & { sku: string }): Promise<Pick<Drawn, 'lines' | 'left'>> {
    const [found] = await lookUp([{ sku: asked.sku, qty: asked.qty }]);
    if (!found?.now) throw new AppError('not_found');
    const offer = asked.offer ? await offers.byId(asked.offer) : null;
    const isFor = offer && offer.sku === asked.sku && offer.live === asked.live && isOpen(offer, clock.now());
    return { lines: [{ ...found.now, priceFen: isFor ? offer.priceFen : found.now.priceFen }], left: [] };
  }

  async function drawCart(asked: Asked, person: Person): Promise<Pick<Drawn, 'lines' | 'left'>> {
    const all = await carts.lines(person);
    const chosen = asked.pick.length > 0 ? all.filter(({ sku }) => asked.pick.includes(sku)) : all;
    const found = await lookUp(chosen);
    return {
      lines: found.flatMap(({ now }) => (now && now.available > 0 ? [now] : [])),
      left: found.flatMap(({ line, now, news }) =>
        now && now.available > 0 ? [] : [{ sku: line.sku, name: now?.name ?? null, news }],
      ),
    };
  }

  async function draw(asked: Asked, person: Person, withWhat: { province: string | null; coupon: string }) {
    const { lines: bare, left } = await (asked.sku === undefined
      ? drawCart(asked, person)
      : drawOne({ ...asked, sku: asked.sku }));
    const promises = await dispatch.of(bare);
    const lines = bare.map((line) => ({ ...line, ships: promises.get(line.sku) }));
    const code = normaliseCoupon(withWhat.coupon);
    const live = asked.live ?? null;
    const [tables, preview] = await Promise.all([
      shipping.tables(),
      code === '' || lines.length === 0 ? null : coupons.preview(code, person, { lines, live }),
    ]);
    const coupon = preview && { code, found: preview.coupon, outcome: preview.outcome };
    const found = quote(lines, { tables, province: withWhat.province, coupon: coupon?.outcome ?? null });
    return { fromCart: asked.sku === undefined, lines, left, quote: found, coupon, tables } satisfies Drawn;
  }

  /** What happens when the order is in the journal; all of it may be done twice. */
  async function finish(request: PlaceRequest, order: Order, person: Person): Promise<Order> {
    const { _id: code, lines } = order;
    if (request.asked.sku === undefined) await carts.leave(person, { code, lines });
    if (request.isNewAddress) {
      await addresses.add(request.address, person, { isDefault: false }).catch((error: unknown) => {
        // A full book stands in nobody's way.
        if (!(error instanceof AppError)) throw error;
      });
    }
    return order;
  }

  return {
    draw,

    /** The cart as it is now, all of it. */
    cart: async (person: Person) => lookUp(await carts.lines(person)),

    /**
     * Places what the page showed. When it would cost another sum now, nothing is placed and the changes come back.
     * The same click again gives the first order.
     *
     * @throws AppError `not_found` for an empty basket, `sold_out`, `invalid` for a place where nobody delivers or a
     *   coupon that is worth nothing, `coupon_used_up`, `coupon_limit`, and those of `orders.place`
     */
    async place(request: PlaceRequest, person: Person): Promise<PlaceResult> {
      const earlier = await orders.byClick(request.clickId, person);
      if (earlier) return { order: await finish(request, earlier, person) };

      const { asked } = request;
      const drawn = await draw(asked, person, { province: request.address.province, coupon: request.coupon });
      checkDrawn(drawn);
      const now = shownOf(drawn.lines, drawn.quote);
      if (request.shown?.totalFen !== now.totalFen) {
        return { order: undefined, changes: request.shown ? changesSince(request.shown, now) : [] };
      }
      const terms = agreedTerms({
        address: onlyAddress(request.address),
        email: request.email ?? null,
        note: request.note,
        coupon: drawn.coupon?.found ? { code: drawn.coupon.code, terms: drawn.coupon.found } : null,
        live: asked.live ?? null,
        now: clock.now(),
        tables: drawn.tables,
        totalFen: now.totalFen,
      });
      const lines = drawn.lines.map(({ sku, qty }) => ({
        sku,
        qty,
        ...(asked.offer ? { offerId: asked.offer } : {}),
      }));
      const { order } = await orders.place(
        { clickId: request.clickId, liveId: asked.live, lines },
        person,
        terms,
      );
      return { order: await finish(request, order, person) };
    },
  };
}

function withPrice<T extends { sku: string; qty: number; priceFen?: number }>(line: T, priceFen: number) {
  return { sku: line.sku, qty: line.qty, priceFen: line.priceFen ?? priceFen, addedAt: new Date(0) };
}

/** @throws AppError for what stands in the way of placing it */
function checkDrawn({ lines, quote: found, coupon }: Drawn): void {
  if (lines.length === 0) throw new AppError('not_found');
  if (lines.some(({ qty, available }) => available < qty)) throw new AppError('sold_out');
  if (coupon && !coupon.outcome.ok) {
    const { reason } = coupon.outcome;
    if (reason === 'used_up') throw new AppError('coupon_used_up');
    if (reason === 'person_limit') throw new AppError('coupon_limit');
    throw new AppError('invalid', { fields: { coupon: 'coupon_refused' } });
  }
  if (!found.deliverable) throw new AppError('invalid', { fields: { province: 'not_delivered' } });
}
