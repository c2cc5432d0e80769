import { applyCoupon, type CouponOutcome, type CouponTerms } from './coupons.rules.ts';
import type { OrderAddress, OrderShipping } from './orders.model.ts';
import { shippingOf, type ShippingQuote, type ShippingTable } from './shipping.rules.ts';

/** A line with the price of this instant. */
export interface QuoteLine {
  sku: string;
  qty: number;
  priceFen: number;
  /** The product's slug. */
  product: string;
  cooperative: string;
  grossGrams: number;
}

/** What one cooperative sends, and what that costs; `shipping` is null while nobody has said where to. */
export interface QuotePart {
  cooperative: string;
  goodsFen: number;
  discountFen: number;
  grams: number;
  shipping: ShippingQuote | null;
}

/** What an order would cost. All sums in fen; total = goods - discount + shipping. */
export interface Quote {
  goodsFen: number;
  discountFen: number;
  /** What of the discount falls on each line, in their order. */
  discounts: number[];
  parts: QuotePart[];
  shippingFen: number;
  totalFen: number;
  /** There is an address, and every cooperative delivers there. */
  deliverable: boolean;
}

export interface QuoteWith {
  tables: (cooperative: string) => ShippingTable;
  province: string | null;
  /** What the coupon takes off these very lines; null without one. */
  coupon: CouponOutcome | null;
}

/** Works out what lines cost together: the discount first, then shipping on what is left of each cooperative's goods. */
export function quote(lines: readonly QuoteLine[], { tables, province, coupon }: QuoteWith): Quote {
  const discounts = coupon?.ok ? coupon.discounts : lines.map(() => 0);
  const parts = [...new Set(lines.map(({ cooperative }) => cooperative))].map((cooperative) => {
    const part = { cooperative, goodsFen: 0, discountFen: 0, grams: 0 };
    for (const [index, line] of lines.entries()) {
      if (line.cooperative !== cooperative) continue;
      part.goodsFen += line.qty * line.priceFen;
      part.discountFen += discounts[index] ?? 0;
      part.grams += line.qty * line.grossGrams;
    }
    const parcel = { grams: part.grams, goodsFen: part.goodsFen - part.discountFen };
    return {
      ...part,
      shipping: province === null ? null : shippingOf(tables(cooperative), province, parcel),
    };
  });
  const goodsFen = sum(parts, ({ goodsFen: fen }) => fen);
  const discountFen = sum(parts, ({ discountFen: fen }) => fen);
  const shippingFen = sum(parts, ({ shipping }) => (shipping?.ok ? shipping.charge.fen : 0));
  return {
    goodsFen,
    discountFen,
    discounts,
    parts,
    shippingFen,
    totalFen: goodsFen - discountFen + shippingFen,
    deliverable: parts.every(({ shipping }) => shipping?.ok === true),
  };
}

/** What an order carries of it. */
export function shippingLines({ parts }: Quote): OrderShipping[] {
  return parts.flatMap(({ cooperative, grams, shipping }) =>
    shipping?.ok ? [{ cooperative, grams, fen: shipping.charge.fen }] : [],
  );
}

/** What an order is charged besides the prices of its goods. */
export interface Charges {
  address: OrderAddress | null;
  discounts: number[];
  discountFen: number;
  shipping: OrderShipping[];
  shippingFen: number;
}

/** What was agreed before an order is rung up. */
export interface Terms {
  email: string | null;
  note: string;
  /** The code of the coupon that is claimed with the order. */
  coupon: string | null;
  /**
   * Puts the terms on the lines with the prices of the moment of ringing up.
   *
   * @returns undefined when what was agreed does not hold for them any more
   */
  settle(lines: readonly QuoteLine[]): Charges | undefined;
}

/** Terms that somebody has seen and agreed to: to the fen, or not at all. */
export function agreedTerms(agreed: {
  address: OrderAddress;
  email: string | null;
  note: string;
  coupon: { code: string; terms: CouponTerms } | null;
  live: string | null;
  now: Date;
  tables: (cooperative: string) => ShippingTable;
  totalFen: number;
}): Terms {
  return {
    email: agreed.email,
    note: agreed.note,
    coupon: agreed.coupon?.code ?? null,
    settle(lines) {
      const coupon = agreed.coupon && applyCoupon(agreed.coupon.terms, lines, agreed);
      if (coupon && !coupon.ok) return undefined;
      const found = quote(lines, { tables: agreed.tables, province: agreed.address.province, coupon });
      if (!found.deliverable || found.totalFen !== agreed.totalFen) return undefined;
      return chargesOf(found, agreed.address);
    },
  };
}

/** A buyer's default address goes with an order that said nothing of one, where every cooperative delivers there. */
export function standingTerms(address: OrderAddress, tables: (cooperative: string) => ShippingTable): Terms {
  return {
    email: null,
    note: '',
    coupon: null,
    settle(lines) {
      const found = quote(lines, { tables, province: address.province, coupon: null });
      if (found.deliverable) return chargesOf(found, address);
      return chargesOf(quote(lines, { tables, province: null, coupon: null }), null);
    },
  };
}

function chargesOf(found: Quote, address: OrderAddress | null): Charges {
  const { discounts, discountFen, shippingFen } = found;
  return { address, discounts, discountFen, shipping: shippingLines(found), shippingFen };
}

/** What the page showed when its button was pressed. */
export interface Shown {
  lines: { sku: string; qty: number; priceFen: number }[];
  discountFen: number;
  /** Null while shipping was not known. */
  shippingFen: number | null;
  totalFen: number;
}

export function shownOf(lines: readonly QuoteLine[], found: Quote): Shown {
  return {
    lines: lines.map(({ sku, qty, priceFen }) => ({ sku, qty, priceFen })),
    discountFen: found.discountFen,
    shippingFen: found.deliverable ? found.shippingFen : null,
    totalFen: found.totalFen,
  };
}

export type QuoteChange =
  | { kind: 'price'; sku: string; fromFen: number; toFen: number }
  | { kind: 'qty'; sku: string; from: number; to: number }
  | { kind: 'added' | 'removed'; sku: string }
  | { kind: 'discount'; fromFen: number; toFen: number }
  | { kind: 'shipping'; fromFen: number | null; toFen: number };

/** What is different from what was shown, each thing by itself. */
export function changesSince(shown: Shown, now: Shown): QuoteChange[] {
  const changes: QuoteChange[] = [];
  for (const line of now.lines) {
    const before = shown.lines.find(({ sku }) => sku === line.sku);
    if (!before) changes.push({ kind: 'added', sku: line.sku });
    else if (before.qty !== line.qty) {
      changes.push({ kind: 'qty', sku: line.sku, from: before.qty, to: line.qty });
    }
    if (before && before.priceFen !== line.priceFen) {
      changes.push({ kind: 'price', sku: line.sku, fromFen: before.priceFen, toFen: line.priceFen });
    }
  }
  for (const { sku } of shown.lines) {
    if (!now.lines.some((line) => line.sku === sku)) changes.push({ kind: 'removed', sku });
  }
  if (shown.discountFen !== now.discountFen) {
    changes.push({ kind: 'discount', fromFen: shown.discountFen, toFen: now.discountFen });
  }
  if (now.shippingFen !== null && shown.shippingFen !== now.shippingFen) {
    changes.push({ kind: 'shipping', fromFen: shown.shippingFen, toFen: now.shippingFen });
  }
  return changes;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((all, item) => all + of(item), 0);
}
