import type { OrderLine, OrderRefund, Parcel } from './orders.model.ts';
import type { OrderState } from './orders.rules.ts';

/** What packing looks at in an order. */
export interface Packable {
  state: OrderState;
  lines: readonly Pick<OrderLine, 'qty' | 'cooperative'>[];
  parcels: readonly Parcel[];
  refunds: readonly { state: OrderRefund['state']; restock: readonly PackedItem[] }[];
}

export interface PackedItem {
  /** Place in the order's lines. */
  line: number;
  qty: number;
}

/** Paid, and not everything is packed. */
export const PACKABLE = ['paid', 'packing', 'partly_refunded'] as const satisfies OrderState[];
/** A parcel of these may leave; while a refund is being decided, nothing does. */
export const SHIPPABLE = ['packing', 'shipped', 'partly_refunded'] as const satisfies OrderState[];
/** States that follow the parcels; the others are left only by whoever led into them. */
const FOLLOWING: readonly OrderState[] = ['paid', 'packing', 'shipped', 'partly_refunded'];
const WAY = ['paid', 'packing', 'shipped', 'delivered'] as const;
export type ParcelsSay = (typeof WAY)[number];

/** Pieces of a line that are to be sent: those ordered, less those whose money goes back and that go back on the shelf. */
export function owed(order: Packable, line: number): number {
  const restocked = order.refunds
    .filter(({ state }) => state !== 'failed')
    .flatMap(({ restock }) => restock)
    .reduce((sum, item) => (item.line === line ? sum + item.qty : sum), 0);
  return Math.max(0, (order.lines[line]?.qty ?? 0) - restocked);
}

export function packed({ parcels }: Pick<Packable, 'parcels'>, line: number): number {
  return parcels
    .flatMap(({ items }) => items)
    .reduce((sum, item) => (item.line === line ? sum + item.qty : sum), 0);
}

/** Pieces of a line that are in no parcel yet. */
export function leftToPack(order: Packable, line: number): number {
  return Math.max(0, owed(order, line) - packed(order, line));
}

/** Where an order is by what all its parcels, of all its cooperatives, say. */
export function parcelsSay(order: Packable): ParcelsSay {
  if (order.parcels.length === 0) return 'paid';
  const incomplete = order.lines.some((_line, index) => leftToPack(order, index) > 0);
  if (incomplete || order.parcels.some(({ state }) => state === 'packed')) return 'packing';
  return order.parcels.every(({ state }) => state === 'delivered') ? 'delivered' : 'shipped';
}

/** The states that an order goes through to be where its parcels are: forward only, none when it is there. */
export function statesToFollow(order: Packable): OrderState[] {
  const goal = parcelsSay(order);
  if (!FOLLOWING.includes(order.state) || goal === 'paid') return [];
  if (order.state === 'partly_refunded') return [goal];
  return WAY.slice(WAY.indexOf(order.state as ParcelsSay) + 1, WAY.indexOf(goal) + 1);
}

export type Decision =
  | { parcels: readonly Parcel[]; changed: boolean }
  | { refused: 'not_now' | 'unknown_parcel' | 'unknown_line' }
  | { refused: 'too_many'; line: number; left: number };

const asItIs = ({ parcels }: Packable): Decision => ({ parcels, changed: false });

/** Puts pieces into a box. The same parcel twice is one. */
export function pack(order: Packable, parcel: Parcel): Decision {
  if (order.parcels.some(({ code }) => code === parcel.code)) return asItIs(order);
  if (!(PACKABLE as readonly OrderState[]).includes(order.state)) return { refused: 'not_now' };
  for (const { line, qty } of parcel.items) {
    if (order.lines[line]?.cooperative !== parcel.cooperative) return { refused: 'unknown_line' };
    const left = leftToPack(order, line);
    if (qty > left) return { refused: 'too_many', line, left };
  }
  return { parcels: [...order.parcels, parcel], changed: true };
}

/** Opens a box again that has not left. One that is gone already is gone. */
export function unpack(order: Packable, parcel: ParcelOf): Decision {
  const found = order.parcels.find(({ code }) => code === parcel.code);
  if (!found) return asItIs(order);
  if (!isOf(found, parcel)) return { refused: 'unknown_parcel' };
  if (found.state !== 'packed') return { refused: 'not_now' };
  return { parcels: order.parcels.filter(({ code }) => code !== parcel.code), changed: true };
}

/** One parcel, and whose it must be; a buyer may have any of its order's. */
export interface ParcelOf {
  code: string;
  cooperative?: string;
}

export interface Sending {
  carrier: Carrier;
  tracking: string;
  /** The number that stood there when the form was drawn; empty for none. */
  was: string;
}

/** Hands a parcel to a carrier, or corrects the number of one that is on its way. */
export function ship(order: Packable, parcel: ParcelOf, sending: Sending & { at: Date }): Decision {
  const { carrier, tracking } = sending;
  return change(order, parcel, (found) => {
    if (found.carrier === carrier && found.tracking === tracking) return found;
    if (found.state === 'delivered' || (found.tracking ?? '') !== sending.was) return undefined;
    if (found.state === 'packed' && !(SHIPPABLE as readonly OrderState[]).includes(order.state))
      return undefined;
    return { ...found, state: 'shipped', carrier, tracking, shippedAt: found.shippedAt ?? sending.at };
  });
}

export function deliver(order: Packable, parcel: ParcelOf, at: Date): Decision {
  return change(order, parcel, (found) => {
    if (found.state === 'delivered') return found;
    return found.state === 'shipped' ? { ...found, state: 'delivered', deliveredAt: at } : undefined;
  });
}

function change(order: Packable, parcel: ParcelOf, next: (found: Parcel) => Parcel | undefined): Decision {
  const found = order.parcels.find((one) => isOf(one, parcel));
  if (!found) return { refused: 'unknown_parcel' };
  const changed = next(found);
  if (!changed) return { refused: 'not_now' };
  return { parcels: order.parcels.map((one) => (one === found ? changed : one)), changed: changed !== found };
}

function isOf(parcel: Parcel, { code, cooperative }: ParcelOf): boolean {
  return parcel.code === code && (cooperative === undefined || parcel.cooperative === cooperative);
}

/** From which lots the pieces of a line that are not packed yet are taken: parcels were filled from the first on. */
export function lotsLeft(
  { lots }: Pick<OrderLine, 'lots'>,
  { packed: gone, left }: { packed: number; left: number },
): { lot: string; qty: number }[] {
  let skip = gone;
  let missing = left;
  return lots.flatMap(({ lot, qty }) => {
    const skipped = Math.min(skip, qty);
    const taken = Math.min(missing, qty - skipped);
    skip -= skipped;
    missing -= taken;
    return taken > 0 ? [{ lot, qty: taken }] : [];
  });
}

/** Who carries parcels. `starts` are letters that only this one's numbers begin with. */
export const CARRIERS = {
  sf: { starts: 'SF', page: 'https://www.sf-express.com/chn/sc/waybill/waybill-detail/{n}' },
  zto: { starts: undefined, page: 'https://www.zto.com/express/expressCheck.html?txtBill={n}' },
  yto: { starts: 'YT', page: undefined },
  yunda: { starts: undefined, page: undefined },
  sto: { starts: undefined, page: undefined },
  jt: { starts: 'JT', page: undefined },
  ems: { starts: undefined, page: undefined },
  jd: { starts: 'JD', page: 'https://www.jdl.com/orderSearch/?waybillCodes={n}' },
  other: { starts: undefined, page: undefined },
} as const satisfies Record<string, { starts: string | undefined; page: string | undefined }>;
export type Carrier = keyof typeof CARRIERS;
export const CARRIER_NAMES = Object.keys(CARRIERS) as Carrier[];

/** As it is printed: capitals, without the spaces that people read it in. */
export function tidyTracking(text: string): string {
  return text.replace(/[\s-]+/g, '').toUpperCase();
}

/** Letters and digits, most of them digits; carriers change their formats more often than shops do. */
export function isTracking(text: string): boolean {
  return /^[A-Z0-9]{8,30}$/.test(text) && text.replace(/\D/g, '').length >= 6;
}

/** A number that can only be another carrier's: the wrong one was chosen. */
export function isOfOther(carrier: Carrier, tracking: string): boolean {
  if (carrier === 'other') return false;
  return CARRIER_NAMES.some((name) => {
    const { starts } = CARRIERS[name];
    return name !== carrier && starts !== undefined && new RegExp(`^${starts}[A-Z]{0,2}\\d`).test(tracking);
  });
}

/** The carrier's own page for a number, where it has a lasting address. */
export function trackingPage(carrier: string | null, tracking: string | null): string | undefined {
  const page = CARRIER_NAMES.includes(carrier as Carrier) ? CARRIERS[carrier as Carrier].page : undefined;
  return page && tracking ? page.replace('{n}', encodeURIComponent(tracking)) : undefined;
}
