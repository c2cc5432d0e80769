import type { RailItem } from '../../../server/live/live.events.ts';
import type { Lang } from '../../../server/platform/lang.ts';
import { formatMoney, type Money } from '../../../server/platform/money.ts';
import { need, type Speak } from '../page-data.ts';

interface Product {
  slug: string;
  name: string;
  tagline?: string;
  /** A blank line parts paragraphs. */
  story?: string;
  origin?: string;
  cooperative?: { name: string } | string;
  variants: { sku: string; name: string; price: Money; available: number }[];
}

interface Deps {
  room: HTMLElement;
  lang: Lang;
  say: Speak;
  item: (sku: string) => RailItem | undefined;
  rail: () => Iterable<RailItem>;
  choose: (item: RailItem) => void;
}

/**
 * Leafing through what is sold without leaving the room: a product opens over the lower part, and the picture goes
 * on in a small window beside it. Links are left as they are for whoever opens them in another tab.
 */
export function startProductPanel({ room, lang, say, item, rail, choose }: Deps) {
  const panel = need('[data-product-panel]');
  const part = (name: string) => need(`[data-product-${name}]`, panel);
  let opener: HTMLElement | undefined;
  let asked = 0;

  document.addEventListener('click', (event) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest<HTMLAnchorElement>('.item a[href^="/products/"]');
    const slug = link?.pathname.split('/')[2];
    if (!link || !slug) return;
    event.preventDefault();
    opener = link;
    void open(slug);
  });
  part('close').addEventListener('click', close);
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !panel.hidden) {
      event.stopImmediatePropagation();
      close();
    }
  });

  async function open(slug: string) {
    asked += 1;
    const turn = asked;
    const known = [...rail()].find((one) => one.slug === slug);
    panel.hidden = false;
    room.toggleAttribute('data-leafing', true);
    need<HTMLAnchorElement>('[data-product-page]', panel).href = `/products/${slug}`;
    part('name').textContent = known?.name ?? '';
    if (known) need<HTMLImageElement>('[data-product-image]', panel).src = known.image;
    part('text').replaceChildren();
    part('variants').replaceChildren();
    part('close').focus();
    const answer = await fetch(`/api/products/${slug}`, { headers: { Accept: 'application/json' } }).catch(
      () => undefined,
    );
    if (turn !== asked) return;
    if (answer?.ok) show((await answer.json()) as Product);
    else part('text').textContent = say('noAnswer');
  }

  function show(product: Product) {
    part('name').textContent = product.name;
    const texts = [product.tagline, product.origin, ...(product.story ?? '').split('\n\n')].filter(
      (text): text is string => typeof text === 'string' && text !== '',
    );
    part('text').replaceChildren(...texts.map((text) => element('p', '', text)));
    part('variants').replaceChildren(...product.variants.map(rowOf));
  }

  function rowOf(variant: Product['variants'][0]): HTMLElement {
    const row = element('li', 'leaf__variant', '');
    row.append(
      element('span', 'leaf__variant-name', variant.name),
      element('span', 'price', formatMoney(variant.price, lang)),
    );
    const sold = item(variant.sku);
    if (sold && room.dataset['state'] === 'live') {
      const button = element('button', 'button button--buy button--small', say('buy')) as HTMLButtonElement;
      button.type = 'button';
      button.disabled = sold.available === 0;
      if (sold.available === 0) button.textContent = say('soldOut');
      button.addEventListener('click', () => choose(item(variant.sku) ?? sold));
      row.append(button);
    }
    return row;
  }

  function close() {
    asked += 1;
    panel.hidden = true;
    room.toggleAttribute('data-leafing', false);
    opener?.focus();
  }
}

function element(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
