/** A flash offer: a price of its own for so many pieces, for so long, so many for each buyer. */
export interface OfferTerms {
  sku: string;
  live: string;
  /** Fen a piece, and what the same piece costs without the offer: what the discount is compared with. */
  priceFen: number;
  regularFen: number;
  quantity: number;
  perBuyer: number;
  opensAt: Date;
  closesAt: Date;
}

export interface OfferTake {
  /** The order that took. */
  code: string;
  buyer: string;
  qty: number;
  batch: string;
}

export interface OfferState extends OfferTerms {
  takes: readonly OfferTake[];
  closed: { at: Date; reason: OfferEnd } | null;
}

export const OFFER_ENDS = ['time', 'host', 'live_ended'] as const;
export type OfferEnd = (typeof OFFER_ENDS)[number];

export type OfferRefusal = 'offer_closed' | 'limit_per_buyer' | 'sold_out';

export interface OfferWish {
  code: string;
  /** The buyer and the guests it once was: a limit per buyer holds on all of them together. */
  buyers: readonly string[];
  qty: number;
}

export function isOpen(offer: OfferState, now: Date): boolean {
  return offer.closed === null && offer.opensAt <= now && now < offer.closesAt;
}

export function piecesLeft(offer: OfferState): number {
  return offer.quantity - offer.takes.reduce((sum, { qty }) => sum + qty, 0);
}

/** First come, first served, to the piece; each wish is granted whole or refused with its reason. */
export function decideOffer(
  offer: OfferState,
  wishes: readonly OfferWish[],
  now: Date,
): { granted: OfferWish[]; refused: Map<string, OfferRefusal> } {
  const granted: OfferWish[] = [];
  const refused = new Map<string, OfferRefusal>();
  const open = isOpen(offer, now);
  let left = piecesLeft(offer);
  for (const wish of wishes) {
    const refusal = !open
      ? 'offer_closed'
      : boughtBy(offer.takes, granted, wish) + wish.qty > offer.perBuyer
        ? 'limit_per_buyer'
        : wish.qty > left
          ? 'sold_out'
          : undefined;
    if (refusal) {
      refused.set(wish.code, refusal);
      continue;
    }
    left -= wish.qty;
    granted.push(wish);
  }
  return { granted, refused };
}

/** What a late payment's order takes under, so that it can be told from the batch that the order was rung up in. */
export function lateBatch(code: string): string {
  return `late:${code}`;
}

/** Whether its pieces and its limit per buyer leave room for a wish, also when its time is over. */
export function fitsOffer(offer: OfferState, wish: OfferWish): boolean {
  return boughtBy(offer.takes, [], wish) + wish.qty <= offer.perBuyer && wish.qty <= piecesLeft(offer);
}

function boughtBy(takes: readonly OfferTake[], granted: readonly OfferWish[], { buyers }: OfferWish): number {
  const before = takes.reduce((sum, take) => (buyers.includes(take.buyer) ? sum + take.qty : sum), 0);
  const now = granted.reduce(
    (sum, wish) => (wish.buyers.some((buyer) => buyers.includes(buyer)) ? sum + wish.qty : sum),
    0,
  );
  return before + now;
}
