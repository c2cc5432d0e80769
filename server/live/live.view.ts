import type { Sellable } from '../catalog/index.ts';
import {
  maskName,
  piecesLeft,
  type Offer,
  type Order,
  type OrderFact,
  type OrderState,
  type ShipPromise,
} from '../orders/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { money } from '../platform/money.ts';
import type { ChatMessage, HostOrder, HostSums, LiveSnapshot, RailItem, WireOffer } from './live.events.ts';
import { presentAnswer, presentRules } from './desk.view.ts';
import type { ChatLine } from './live.facts.ts';
import { guestName } from './live.rules.ts';
import type { Live } from './live.service.ts';
import type { Standing } from './room.service.ts';

export interface LiveReader {
  lang: Lang;
  media: Media;
}

export function presentRail(
  live: Pick<Live, 'rail'>,
  sellables: ReadonlyMap<string, Sellable>,
  { available, ships }: Standing,
  { lang, media }: LiveReader,
): RailItem[] {
  return live.rail.flatMap((sku) => {
    const sellable = sellables.get(sku);
    if (!sellable) return [];
    const { product, variant } = sellable;
    return {
      sku,
      slug: product.slug,
      name: product.name[lang],
      variant: variant.name[lang],
      price: money(variant.priceFen),
      available: available.get(sku) ?? 0,
      ships: presentShips(ships.get(sku)),
      image: media.picture(product.image).src,
    };
  });
}

/** Null where nothing can be ordered that could be sent. */
export function presentShips(promise: ShipPromise | undefined): RailItem['ships'] {
  return promise ? { by: promise.by, presale: promise.presale } : null;
}

export function presentOffer(offer: Offer): WireOffer {
  return {
    id: offer._id,
    sku: offer.sku,
    price: money(offer.priceFen),
    regular: money(offer.regularFen),
    quantity: offer.quantity,
    left: Math.max(0, piecesLeft(offer)),
    perBuyer: offer.perBuyer,
    opensAt: offer.opensAt.toISOString(),
    closesAt: offer.closesAt.toISOString(),
  };
}

export function presentSnapshot(
  live: Live,
  now: { rail: RailItem[]; offers: readonly Offer[]; viewers: number },
  lang: Lang,
): LiveSnapshot {
  return {
    id: live._id,
    title: live.title[lang],
    state: live.state,
    startsAt: live.startsAt.toISOString(),
    startedAt: live.startedAt?.toISOString() ?? null,
    endedAt: live.endedAt?.toISOString() ?? null,
    host: live.hostName,
    rail: now.rail,
    offers: now.offers.map(presentOffer),
    pinned: live.pinned ? { sku: live.pinned.sku, at: live.pinned.at.toISOString() } : null,
    answer: live.answer ? presentAnswer(live.answer) : null,
    chatRules: roomRules(live),
    viewers: now.viewers,
    likes: live.likes,
    edits: live.edits ?? 0,
  };
}

/** What whoever wants to speak should know; the listed words are not theirs to know. */
function roomRules(live: Live): LiveSnapshot['chatRules'] {
  const { slowSeconds, audience } = presentRules(live);
  return { slowSeconds, audience };
}

/** The card of a live on other pages. */
export function presentLiveCard(live: Live, rail: RailItem[], viewers: number, reader: LiveReader) {
  return {
    id: live._id,
    href: `/live/${live._id}`,
    title: live.title[reader.lang],
    state: live.state,
    startsAt: live.startsAt.toISOString(),
    host: live.hostName,
    picture: reader.media.picture(live.poster),
    viewers,
    rail: rail.slice(0, 3).map(({ name, price, image }) => ({
      name,
      price,
      picture: { src: image, width: 800, height: 800 },
    })),
  };
}

export function presentChat(message: Omit<ChatLine, 'live' | 'person'>): ChatMessage {
  const { id, name, text, at, role, question } = message;
  return { id, name, text, at: at.toISOString(), role, ...(question ? { question: true } : {}) };
}

/** What the room learns of an order: an initial, what, how many. */
export function presentToasts(fact: OrderFact) {
  const name = publicName(fact);
  return fact.lines.map(({ sku, qty }) => ({ name, sku, qty }));
}

function publicName(order: { buyer: string; buyerName: string }): string {
  return order.buyerName ? maskName(order.buyerName) : maskName(guestName(order.buyer));
}

export function presentHostOrder(order: Order): HostOrder {
  return {
    code: order._id,
    name: publicName(order),
    at: order.createdAt.toISOString(),
    state: order.state,
    total: money(order.totalFen),
    lines: order.lines.map(({ sku, qty }) => ({ sku, qty })),
  };
}

const HELD: readonly OrderState[] = ['awaiting_payment'];
const LAPSED: readonly OrderState[] = ['cancelled', 'expired', 'refunded'];

export function presentHostSums(
  sums: readonly { _id: OrderState; orders: number; pieces: number; fen: number }[],
): HostSums {
  const add = (wanted: (state: OrderState) => boolean) => {
    const rows = sums.filter(({ _id }) => wanted(_id));
    const total = (name: 'orders' | 'pieces' | 'fen') => rows.reduce((sum, row) => sum + row[name], 0);
    return { orders: total('orders'), pieces: total('pieces'), money: money(total('fen')) };
  };
  return {
    held: add((state) => HELD.includes(state)),
    paid: add((state) => !HELD.includes(state) && !LAPSED.includes(state)),
    lapsed: { orders: add((state) => LAPSED.includes(state)).orders },
  };
}
