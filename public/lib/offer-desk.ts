import type { RailItem, WireOffer } from '../../server/live/live.events.ts';
import type { Lang } from '../../server/platform/lang.ts';
import { formatMoney, money, type Money } from '../../server/platform/money.ts';
import { formatLeft } from './countdown.ts';
import { need, type Speak } from './page-data.ts';

const COUNTDOWN_SECONDS = 3;

export interface OfferTerms {
  sku: string;
  price: Money;
  quantity: number;
  perBuyer: number;
  seconds: number;
  countdown: number;
}

interface Deps {
  lang: Lang;
  say: Speak;
  item: (sku: string) => RailItem | undefined;
  open: (button: HTMLButtonElement, terms: OfferTerms) => Promise<boolean>;
  close: (button: HTMLButtonElement, id: string) => void;
}

/** The host's side of flash offers: a small form under the shelf, and what runs. */
export function offerDesk({ lang, say, item, open, close }: Deps) {
  const form = need<HTMLFormElement>('[data-offer-form]');
  const list = need('[data-offers]');
  const offers = new Map<string, WireOffer>();
  const field = (name: string) => need<HTMLInputElement>(`[name="${name}"]`, form);
  let sku = '';

  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-flash]');
    if (button) prepare(button);
  });

  function prepare(button: HTMLButtonElement) {
    sku = button.dataset['flash'] ?? '';
    need('[data-offer-product]', form).textContent = item(sku)?.name ?? sku;
    const regular = Number(button.dataset['price']);
    field('price').max = ((regular - 1) / 100).toFixed(2);
    field('price').value = (Math.floor(regular * 0.8) / 100).toFixed(2);
    field('quantity').max = String(Math.min(2_000, item(sku)?.available ?? 2_000));
    form.hidden = false;
    field('price').focus();
  }

  need('[data-offer-cancel]', form).addEventListener('click', () => (form.hidden = true));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const terms = {
      sku,
      price: money(Math.round(field('price').valueAsNumber * 100)),
      quantity: field('quantity').valueAsNumber,
      perBuyer: field('perBuyer').valueAsNumber,
      seconds: Math.round(field('minutes').valueAsNumber * 60),
      countdown: COUNTDOWN_SECONDS,
    };
    void open(need<HTMLButtonElement>('button[type="submit"]', form), terms).then((opened) => {
      if (opened) form.hidden = true;
    });
  });
  setInterval(show, 1_000);

  function show() {
    const now = Date.now();
    const running = [...offers.values()].filter((offer) => Date.parse(offer.closesAt) > now);
    list.replaceChildren(...running.map((offer) => row(offer, now)));
  }

  function row(offer: WireOffer, now: number): HTMLLIElement {
    const element = document.createElement('li');
    element.className = 'flash__offer';
    const text = document.createElement('span');
    text.textContent = `${say('offerRunning', {
      name: item(offer.sku)?.name ?? offer.sku,
      price: formatMoney(offer.price, lang),
      left: offer.left,
      quantity: offer.quantity,
    })} · ${formatLeft(Date.parse(offer.closesAt) - now)}`;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button--quiet button--small';
    button.textContent = say('offerClose');
    button.addEventListener('click', () => close(button, offer.id));
    element.append(text, button);
    return element;
  }

  return {
    reset(running: readonly WireOffer[]) {
      offers.clear();
      for (const offer of running) offers.set(offer.id, offer);
      show();
    },
    put(offer: WireOffer) {
      offers.set(offer.id, offer);
      show();
    },
    remove(id: string) {
      offers.delete(id);
      show();
    },
    left(news: readonly { id: string; left: number }[]) {
      for (const { id, left } of news) {
        const offer = offers.get(id);
        if (offer) offers.set(id, { ...offer, left });
      }
      show();
    },
  };
}
