import type { Sellable } from '../catalog/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Terms } from './checkout.rules.ts';
import { isOpen } from './offers.rules.ts';
import type { Offer } from './offers.service.ts';
import type { BatchDoc, OrderDoc, OrderLine } from './orders.model.ts';
import { totalFen } from './orders.rules.ts';

/** What one buyer asks the till for. */
export interface Ringing {
  buyer: { id: string; ids: readonly string[]; name: string; lang?: Lang | undefined };
  clickId: string;
  live: string | null;
  lines: readonly { sku: string; qty: number }[];
  /** The flash offer that is asked for; then there is one line. */
  offer?: string | undefined;
  /** `sale`: as its live says, which must be selling these things; the shop's own time outside of a live. */
  holdSeconds: number | 'sale';
  /** The next in line is served what newcomers may not have. */
  inLine?: boolean;
  /** What was agreed besides, such as where it goes and what that costs; `standing`: what goes without saying. */
  terms?: Terms | 'standing' | undefined;
}

/** The same with everything that went without saying. */
export type Asked = Omit<Ringing, 'holdSeconds' | 'terms'> & {
  holdSeconds: number;
  terms: Terms | undefined;
};

/** What tells of an order what it claims besides stock. */
export interface Claimable {
  _id: string;
  coupon: string | null;
  lines: readonly { offer: string | null }[];
}

/** What things cost at this instant. */
export interface Prices {
  sellables: Map<string, Sellable>;
  offer: Offer | null;
}

/** Whether that offer is for this order; how many pieces it has left is decided when they are claimed. */
export function isFor(
  offer: Offer | null,
  { lines, live }: Pick<Ringing, 'lines' | 'live'>,
  now: Date,
): offer is Offer {
  return offer !== null && isOpen(offer, now) && offer.live === live && lines[0]?.sku === offer.sku;
}

/**
 * Whether there is enough for a request to be worth a write. Where others wait in line, what is promised to them is
 * not for newcomers, and newcomers of one batch share the rest.
 */
export function newcomersShare(
  available: ReadonlyMap<string, number>,
  promised: ReadonlyMap<string, number>,
) {
  const rest = new Map([...promised].map(([sku, qty]) => [sku, (available.get(sku) ?? 0) - qty]));
  return ({ lines, inLine }: Pick<Ringing, 'lines' | 'inLine'>): boolean => {
    if (lines.some(({ sku, qty }) => (available.get(sku) ?? 0) < qty)) return false;
    if (inLine) return true;
    if (lines.some(({ sku, qty }) => (rest.get(sku) ?? Infinity) < qty)) return false;
    for (const { sku, qty } of lines) if (rest.has(sku)) rest.set(sku, (rest.get(sku) ?? 0) - qty);
    return true;
  };
}

export function clickKey({ buyer, clickId }: Pick<Ringing, 'buyer' | 'clickId'>): string {
  return `${buyer.id} ${clickId}`;
}

export function skusOf({ lines }: { lines: readonly { sku: string }[] }): string[] {
  return lines.map(({ sku }) => sku);
}

export function sumWanted(docs: OrderDoc[]): Map<string, number> {
  const wanted = new Map<string, number>();
  for (const { lines } of docs) {
    for (const { sku, qty } of lines) wanted.set(sku, (wanted.get(sku) ?? 0) + qty);
  }
  return wanted;
}

/** Terms that were agreed hold at the prices of this instant. */
export function isAgreed(ringing: Asked, prices: Prices): boolean {
  return !ringing.terms || ringing.terms.settle(linesOf(ringing, prices)) !== undefined;
}

function linesOf(ringing: Pick<Ringing, 'lines' | 'offer'>, { sellables, offer }: Prices): OrderLine[] {
  return ringing.lines.map(({ sku, qty }): OrderLine => {
    const { product, variant } = sellables.get(sku)!;
    return {
      sku,
      qty,
      priceFen: ringing.offer && offer ? offer.priceFen : variant.priceFen,
      product: product.slug,
      name: product.name,
      variant: variant.name,
      image: product.image,
      cooperative: product.cooperative,
      grossGrams: variant.grossGrams,
      offer: ringing.offer ?? null,
      discountFen: 0,
      lots: [],
    };
  });
}

export function newOrder(
  ringing: Asked,
  prices: Prices,
  rung: { code: string; batch: string; place: number; now: Date },
): OrderDoc {
  const bare = linesOf(ringing, prices);
  const charges = ringing.terms?.settle(bare);
  const lines = bare.map((line, index) => ({ ...line, discountFen: charges?.discounts[index] ?? 0 }));
  const goodsFen = totalFen(lines);
  const { discountFen = 0, shippingFen = 0, shipping = [], address = null } = charges ?? {};
  return {
    _id: rung.code,
    buyer: ringing.buyer.id,
    buyerName: ringing.buyer.name,
    clickId: ringing.clickId,
    live: ringing.live,
    state: 'opening',
    lines,
    cooperatives: [...new Set(lines.map(({ cooperative }) => cooperative))],
    goodsFen,
    discountFen,
    shippingFen,
    totalFen: goodsFen - discountFen + shippingFen,
    shipping,
    coupon: ringing.terms?.coupon ?? null,
    note: ringing.terms?.note ?? '',
    address,
    email: ringing.terms?.email ?? null,
    ...(ringing.buyer.lang ? { lang: ringing.buyer.lang } : {}),
    parcels: [],
    payment: { intent: null, paidFen: 0, paidAt: null, refundedFen: 0, disputed: false },
    refunds: [],
    batch: rung.batch,
    place: rung.place,
    createdAt: rung.now,
    expiresAt: new Date(rung.now.getTime() + ringing.holdSeconds * 1000),
    owes: null,
    history: [],
  };
}

export function opened(
  doc: OrderDoc,
  lots: { lot: string; qty: number }[][],
  entry: OrderDoc['history'][0],
): OrderDoc {
  return {
    ...doc,
    state: entry.to,
    lines: doc.lines.map((line, index) => ({ ...line, lots: lots[index] ?? [] })),
    history: [entry],
  };
}

/** What is written down of a batch before it takes anything. */
export function newBatch(
  ringings: readonly Asked[],
  { id, now, codes }: { id: string; now: Date; codes: string[] },
): BatchDoc {
  return {
    _id: id,
    at: now,
    skus: [...new Set(ringings.flatMap(skusOf))],
    codes,
    clicks: ringings.map(clickKey),
    offer: ringings[0]?.offer ?? null,
    withCoupon: codes.filter((_code, place) => (ringings[place]?.terms?.coupon ?? null) !== null),
  };
}

/** The orders of a batch as far as their claims go. */
export function claimables({ codes, offer, withCoupon }: BatchDoc): Claimable[] {
  const claiming = new Set(withCoupon);
  return codes.map((_id) => ({ _id, coupon: claiming.has(_id) ? 'some' : null, lines: [{ offer }] }));
}

export function lotsOf({ lines }: Pick<OrderDoc, 'lines'>): { lot: string; qty: number }[] {
  return lines.flatMap(({ lots }) => lots);
}
