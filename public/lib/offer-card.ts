import type { RailItem, WireOffer } from '../../server/live/live.events.ts';
import type { Lang } from '../../server/platform/lang.ts';
import { formatMoney } from '../../server/platform/money.ts';
import { formatLeft } from './countdown.ts';
import { need, type Speak } from './page-data.ts';

const TICK_MS = 250;

interface Deps {
  lang: Lang;
  say: Speak;
  item: (sku: string) => RailItem | undefined;
  /** Somebody wants it. */
  choose: (item: RailItem, offer: WireOffer) => void;
}

/** The flash offer over the pinned card: countdown, price, what is left, until when. */
export function offerCard({ lang, say, item, choose }: Deps) {
  const card = need('[data-offer]');
  const button = need<HTMLButtonElement>('[data-offer-button]', card);
  const part = (name: string) => need(`[data-offer-${name}]`, card);
  const offers = new Map<string, WireOffer>();
  let shown: WireOffer | undefined;

  need<HTMLFormElement>('[data-offer-form]', card).addEventListener('submit', (event) => {
    event.preventDefault();
    const what = shown && item(shown.sku);
    if (shown && what) choose(what, shown);
  });
  setInterval(tick, TICK_MS);

  /** The one that ends first; one that still counts down waits its turn. */
  function pick(now: number): WireOffer | undefined {
    return [...offers.values()]
      .filter((offer) => Date.parse(offer.closesAt) > now)
      .sort((a, b) => Date.parse(a.closesAt) - Date.parse(b.closesAt))[0];
  }

  function tick() {
    const now = Date.now();
    const offer = pick(now);
    if (offer !== shown) show(offer);
    if (!offer) return;
    const wait = Date.parse(offer.opensAt) - now;
    const soon = wait > 0;
    part('clock').textContent = soon ? '' : formatLeft(Date.parse(offer.closesAt) - now);
    button.disabled = soon || offer.left === 0;
    button.textContent = soon
      ? say('offerSoon', { n: Math.ceil(wait / 1000) })
      : say(offer.left === 0 ? 'offerGone' : 'grab');
    card.toggleAttribute('data-counting', soon && wait <= 3_000);
  }

  function show(offer: WireOffer | undefined) {
    shown = offer;
    const what = offer && item(offer.sku);
    card.hidden = !what;
    if (!offer || !what) return;
    need<HTMLImageElement>('[data-offer-image]', card).src = what.image;
    part('name').textContent = what.name;
    part('price').textContent = formatMoney(offer.price, lang);
    part('was').textContent = formatMoney(offer.regular, lang);
    part('left').textContent = say('left', { n: offer.left });
    part('limit').textContent = say('perBuyer', { n: offer.perBuyer });
    need<HTMLInputElement>('[name="sku"]', card).value = offer.sku;
    need<HTMLInputElement>('[name="offerId"]', card).value = offer.id;
  }

  return {
    /** What runs, in place of what was known. */
    reset(running: readonly WireOffer[]) {
      offers.clear();
      for (const offer of running) offers.set(offer.id, offer);
      tick();
    },
    opened(offer: WireOffer) {
      offers.set(offer.id, offer);
      tick();
    },
    closed(id: string) {
      offers.delete(id);
      tick();
    },
    left(news: readonly { id: string; left: number }[]) {
      for (const { id, left } of news) {
        const offer = offers.get(id);
        if (offer) offers.set(id, { ...offer, left });
      }
      tick();
    },
  };
}
