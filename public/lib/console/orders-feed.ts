import type { HostOrder, HostSums } from '../../../server/live/live.events.ts';
import type { Lang } from '../../../server/platform/lang.ts';
import { formatMoney } from '../../../server/platform/money.ts';
import { beijingTime } from '../time.ts';
import { need, type Speak } from '../page-data.ts';
import { el } from './dom.ts';

/** Orders as they come, and what they come to: held and paid apart. */
export function ordersFeed(deps: { lang: Lang; say: Speak; nameOf: (sku: string) => string }) {
  const { lang, say } = deps;
  const known = new Set<string>();
  let shown = false;

  function row(order: HostOrder): HTMLLIElement {
    const what = order.lines.map(({ sku, qty }) => `${deps.nameOf(sku)} × ${qty}`).join(', ');
    const time = beijingTime(order.at, lang, { seconds: true });
    const element = el(
      'li',
      'feed__row',
      el('span', 'feed__what', what),
      el('span', 'feed__total', formatMoney(order.total, lang)),
      el('span', 'feed__who', `${order.name} · ${time}`),
      el('span', `state state--${order.state}`, say(`state.${order.state}`)),
    );
    element.dataset['order'] = order.code;
    return element;
  }

  return (orders: readonly HostOrder[], sums: HostSums) => {
    for (const kind of ['held', 'paid'] as const) {
      need(`[data-sum="${kind}"]`).textContent = formatMoney(sums[kind].money, lang);
      need(`[data-sum-note="${kind}"]`).textContent = say('pieces', { n: sums[kind].pieces });
    }
    need('[data-orders-empty]').hidden = orders.length > 0;
    need('[data-orders]').replaceChildren(
      ...orders.map((order) => {
        const element = row(order);
        element.classList.toggle('feed__row--new', shown && !known.has(order.code));
        known.add(order.code);
        return element;
      }),
    );
    shown = true;
  };
}
