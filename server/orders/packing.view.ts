import type { Lot } from '../stock/index.ts';
import type { Pick } from './desk.service.ts';
import type { Parcel } from './orders.model.ts';
import { maskName, type OrderState } from './orders.rules.ts';
import type { Order } from './orders.service.ts';
import type { OrderReader } from './orders.view.ts';
import {
  CARRIER_NAMES,
  leftToPack,
  lotsLeft,
  owed,
  packed,
  PACKABLE,
  SHIPPABLE,
  trackingPage,
} from './packing.rules.ts';
import { lotsKept } from './refunds.rules.ts';

/** The desk that looks at an order. */
interface AtDesk {
  _id: string;
  slug: string;
}

/** While somebody has to write it on a box or ask a carrier about it; afterwards an address is nobody's business. */
const ADDRESS_NEEDED: readonly OrderState[] = ['paid', 'packing', 'partly_refunded', 'shipped'];

export interface ParcelReading {
  /** Whether the reader has bought it. */
  mine?: boolean;
  /** Names of the cooperatives, by their ids. */
  cooperatives?: ReadonlyMap<string, string>;
  /** For staff: the desks that are theirs; the boxes of others are not their business. */
  desks?: readonly string[] | 'all' | undefined;
}

/** The boxes of an order as its buyer sees them, page and JSON alike. */
export function presentParcels(order: Order, reader: OrderReader, more: ParcelReading = {}) {
  const { desks = 'all' } = more;
  const shown = order.parcels.filter(({ cooperative }) => desks === 'all' || desks.includes(cooperative));
  return shown.map((parcel, index) => ({
    ...presentParcel(order, parcel, reader),
    number: index + 1,
    count: shown.length,
    from: more.cooperatives?.get(parcel.cooperative),
    receivedAction:
      more.mine && parcel.state === 'shipped'
        ? `/orders/${order._id}/parcels/${parcel.code}/received`
        : undefined,
  }));
}

function presentParcel(order: Order, parcel: Parcel, { lang, t, media }: OrderReader) {
  return {
    code: parcel.code,
    state: parcel.state,
    stateLabel: t(`packing.parcel.${parcel.state}`),
    carrier: parcel.carrier === null ? undefined : t(`packing.carrier.${parcel.carrier}`),
    tracking: parcel.tracking ?? undefined,
    trackHref: trackingPage(parcel.carrier, parcel.tracking),
    packedAt: parcel.packedAt,
    shippedAt: parcel.shippedAt ?? undefined,
    deliveredAt: parcel.deliveredAt ?? undefined,
    items: parcel.items.flatMap(({ line, qty }) => {
      const of = order.lines[line];
      return of
        ? [{ name: of.name[lang], variant: of.variant[lang], qty, picture: media.picture(of.image) }]
        : [];
    }),
  };
}

/** An order in the list of those to send: this cooperative's lines, and where it goes, roughly. */
export function presentWaiting(order: Order, coop: AtDesk, reader: OrderReader) {
  const ours = order.parcels.filter(({ cooperative }) => cooperative === coop._id);
  const lines = order.lines.flatMap((line, index) =>
    line.cooperative === coop._id
      ? [
          {
            name: line.name[reader.lang],
            variant: line.variant[reader.lang],
            left: leftToPack(order, index),
            qty: line.qty,
            picture: reader.media.picture(line.image),
          },
        ]
      : [],
  );
  return {
    code: order._id,
    href: `/coop/orders/${order._id}?coop=${coop.slug}`,
    state: order.state,
    stateLabel: reader.t(`orders.state.${order.state}`),
    placedAt: order.createdAt,
    buyer: maskName(order.buyerName) || reader.t('orders.guest'),
    to: order.address ? `${order.address.province} ${order.address.city}` : undefined,
    fromLive: order.live !== null,
    lines,
    shipsBy: order.lines
      .flatMap(({ cooperative, shipsBy }) => (cooperative === coop._id && shipsBy ? [shipsBy] : []))
      .toSorted()[0],
    left: lines.reduce((sum, { left }) => sum + left, 0),
    toHandOver: ours.filter(({ state }) => state === 'packed').length,
    underWay: ours.filter(({ state }) => state === 'shipped').length,
  };
}

/** An order on the packing table. */
export function presentPacking(
  order: Order,
  coop: AtDesk,
  lots: ReadonlyMap<string, Lot>,
  reader: OrderReader,
) {
  const { lang } = reader;
  const base = `/coop/orders/${order._id}`;
  const lines = order.lines.flatMap((line, index) => {
    if (line.cooperative !== coop._id) return [];
    const gone = packed(order, index);
    const left = leftToPack(order, index);
    return [
      {
        index,
        sku: line.sku,
        name: line.name[lang],
        variant: line.variant[lang],
        picture: reader.media.picture(line.image),
        owed: owed(order, index),
        packed: gone,
        left,
        lots: lotsLeft({ lots: lotsKept(order, index) }, { packed: gone, left }).map(({ lot, qty }) => ({
          code: lots.get(lot)?.code ?? '',
          bestBefore: lots.get(lot)?.bestBefore,
          blocked: (lots.get(lot)?.state ?? 'open') !== 'open',
          qty,
        })),
      },
    ];
  });
  const address = ADDRESS_NEEDED.includes(order.state) ? order.address : null;
  return {
    code: order._id,
    base,
    href: `${base}?coop=${coop.slug}`,
    state: order.state,
    stateLabel: reader.t(`orders.state.${order.state}`),
    placedAt: order.createdAt,
    buyer: maskName(order.buyerName) || reader.t('orders.guest'),
    note: ADDRESS_NEEDED.includes(order.state) ? order.note : '',
    address: address && {
      name: address.name,
      phone: address.phone,
      place: [address.province, address.city, address.county].join(' '),
      street: address.street,
    },
    lines,
    canPack: isOneOf(order.state, PACKABLE) && lines.some(({ left }) => left > 0),
    shared: order.cooperatives.length > 1,
    waits: order.state === 'refund_requested',
    parcels: order.parcels
      .filter(({ cooperative }) => cooperative === coop._id)
      .map((parcel) => ({
        ...presentParcel(order, parcel, reader),
        base: `${base}/parcels/${parcel.code}`,
        canShip: parcel.state === 'packed' && isOneOf(order.state, SHIPPABLE),
        canUnpack: parcel.state === 'packed',
        isShipped: parcel.state === 'shipped',
        carriers: CARRIER_NAMES.map((key) => ({
          key,
          label: reader.t(`packing.carrier.${key}`),
          chosen: key === parcel.carrier,
        })),
      })),
  };
}

function isOneOf(state: OrderState, states: readonly OrderState[]): boolean {
  return states.includes(state);
}

/** A line of the pick list: one lot on one shelf. */
export function presentPick(pick: Pick, coop: AtDesk, reader: OrderReader) {
  return {
    lot: pick.code,
    bestBefore: pick.bestBefore || undefined,
    name: pick.line.name[reader.lang],
    variant: pick.line.variant[reader.lang],
    sku: pick.sku,
    picture: reader.media.picture(pick.line.image),
    qty: pick.qty,
    orders: pick.orders.map(({ code, qty }) => ({
      code,
      qty,
      href: `/coop/orders/${code}?coop=${coop.slug}`,
    })),
  };
}
