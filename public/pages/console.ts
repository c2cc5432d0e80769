import type { HostOrder, HostSums, LiveSnapshot, RailItem } from '../../server/live/live.events.ts';
import type { Lang } from '../../server/platform/lang.ts';
import { formatMoney } from '../../server/platform/money.ts';
import { chatList } from '../lib/chat-list.ts';
import { connect, type ConnectionState } from '../lib/connection.ts';
import { formatLeft } from '../lib/countdown.ts';
import { figuresStrip } from '../lib/figures-strip.ts';
import { startLuckDesks } from '../lib/console/luck.ts';
import { offerDesk } from '../lib/offer-desk.ts';
import { formatCount, need, pageData, speak, type Texts } from '../lib/page-data.ts';
import { toastQueue } from '../lib/toast-queue.ts';

/** The host's console: what is on the table, what sells, who is there. */
const { live: first, lang } = pageData<{ live: LiveSnapshot; lang: Lang }>('room-data');
const say = speak(pageData<Texts>('texts'));
const liveId = first.id;
const root = need('[data-console]');
const rail = new Map<string, RailItem>(first.rail.map((item) => [item.sku, item]));
const knownOrders = new Set<string>();
let hasOrders = false;
let startedAt = first.startedAt;
let pinned = first.pinned?.sku ?? null;

const chat = chatList(need('[data-chat]'), say);
const toasts = toastQueue(need('[data-toast]'));

const { socket, on } = connect({
  show: showConnection,
  async arrive(line) {
    const [room, host] = await Promise.all([
      line.timeout(5_000).emitWithAck('live:join', { liveId }),
      line.timeout(5_000).emitWithAck('host:join', { liveId }),
    ]);
    if (!room.ok) throw new Error(room.error.code);
    if (!host.ok) throw new Error(host.error.code);
    showSnapshot(room.live);
    chat.reset(room.chat);
    showOrders(host.orders, host.sums);
    luck.arrived();
  },
});
const luck = startLuckDesks({ line: { socket, on }, liveId, lang, say, tell: toasts.add });

on('live:pulse', (pulse) => {
  if (pulse.liveId !== liveId) return;
  showCounts(pulse.viewers, pulse.likes);
  for (const { sku, available } of pulse.stock) showStock(sku, available);
});
on('live:pinned', (news) => news.liveId === liveId && showPinned(news.sku));
on('live:unpinned', (news) => news.liveId === liveId && showPinned(null));
on('live:started', (news) => news.liveId === liveId && showState('live', news.startedAt));
on('live:ended', (news) => news.liveId === liveId && showState('ended', startedAt));
on('chat:posted', (news) => news.liveId === liveId && chat.add(news.messages));
on('offer:opened', (news) => news.liveId === liveId && flash.put(news.offer));
on('offer:closed', (news) => news.liveId === liveId && flash.remove(news.offerId));
on('offer:pulse', (news) => news.liveId === liveId && flash.left(news.offers));
const figures = figuresStrip(need('[data-figures]'), lang);
on('host:figures', (news) => news.liveId === liveId && figures.show(news));
on('host:orders', (news) => news.liveId === liveId && showOrders(news.orders, news.sums));

function showSnapshot(live: LiveSnapshot) {
  showState(live.state, live.startedAt);
  showCounts(live.viewers, live.likes);
  for (const { sku, available } of live.rail) showStock(sku, available);
  showPinned(live.pinned?.sku ?? null);
  flash.reset(live.offers);
}

function showState(state: LiveSnapshot['state'], since: string | null) {
  root.dataset['state'] = state;
  startedAt = since;
  for (const button of document.querySelectorAll<HTMLButtonElement>(
    '[data-start], [data-stop], [data-pin]',
  )) {
    button.disabled = state === 'ended';
  }
}

function showCounts(viewers: number, likes: number) {
  need('[data-viewers]').textContent = formatCount(viewers, lang);
  need('[data-likes]').textContent = formatCount(likes, lang);
}

function rowOf(sku: string) {
  return document.querySelector<HTMLElement>(`[data-item="${CSS.escape(sku)}"]`);
}

function showStock(sku: string, available: number) {
  const item = rail.get(sku);
  if (item) rail.set(sku, { ...item, available });
  const row = rowOf(sku);
  if (!row) return;
  need('[data-left]', row).textContent = String(available);
  need('.run__stock', row).toggleAttribute('data-few', available <= 20);
}

function showPinned(sku: string | null) {
  pinned = sku;
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-pin]')) {
    const is = button.dataset['pin'] === sku;
    button.setAttribute('aria-pressed', String(is));
    button.textContent = say(is ? 'onTable' : 'pin');
    button.closest('[data-item]')?.toggleAttribute('data-pinned', is);
  }
}

function showOrders(orders: HostOrder[], sums: HostSums) {
  for (const kind of ['held', 'paid'] as const) {
    need(`[data-sum="${kind}"]`).textContent = formatMoney(sums[kind].money, lang);
    need(`[data-sum-note="${kind}"]`).textContent = say('pieces', { n: sums[kind].pieces });
  }
  need('[data-orders-empty]').hidden = orders.length > 0;
  const fresh = hasOrders;
  hasOrders = true;
  need('[data-orders]').replaceChildren(
    ...orders.map((order) => {
      const row = orderRow(order);
      row.classList.toggle('feed__row--new', fresh && !knownOrders.has(order.code));
      knownOrders.add(order.code);
      return row;
    }),
  );
}

function orderRow(order: HostOrder): HTMLLIElement {
  const row = document.createElement('li');
  row.className = 'feed__row';
  row.dataset['order'] = order.code;
  const what = order.lines.map(({ sku, qty }) => `${rail.get(sku)?.name ?? sku} × ${qty}`).join(', ');
  const time = new Date(order.at).toLocaleTimeString(lang, { hour12: false });
  row.append(
    cell('feed__what', what),
    cell('feed__total', formatMoney(order.total, lang)),
    cell('feed__who', `${order.name} · ${time}`),
    cell(`state state--${order.state}`, say(`state.${order.state}`)),
  );
  return row;
}

function cell(className: string, text: string) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

type Answer = { ok: true } | { ok: false; error: { message: string; fields?: Record<string, string> } };

/** Sends a host's command; a refusal is shown in the shop's own words. */
async function command(button: HTMLButtonElement, send: () => Promise<Answer>): Promise<boolean> {
  button.setAttribute('aria-busy', 'true');
  try {
    const answer = await send();
    if (!answer.ok) toasts.add(reasonOf(answer.error));
    return answer.ok;
  } catch {
    toasts.add(say('reconnecting'));
    return false;
  } finally {
    button.removeAttribute('aria-busy');
  }
}

/** The field's own sentence says more than "something is not right". */
function reasonOf({ message, fields }: { message: string; fields?: Record<string, string> }): string {
  return Object.values(fields ?? {})[0] ?? message;
}

const line = socket.timeout(5_000);
const start = need<HTMLButtonElement>('[data-start]');
const stop = need<HTMLButtonElement>('[data-stop]');
start.addEventListener('click', () => void command(start, () => line.emitWithAck('host:start', { liveId })));
stop.addEventListener('click', () => {
  if (confirm(say('stopSure'))) void command(stop, () => line.emitWithAck('host:stop', { liveId }));
});
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-pin]')) {
  const sku = button.dataset['pin'] ?? '';
  button.addEventListener('click', () => {
    void command(button, () =>
      pinned === sku
        ? line.emitWithAck('host:unpin', { liveId })
        : line.emitWithAck('host:pin', { liveId, sku }),
    );
  });
}

const flash = offerDesk({
  lang,
  say,
  item: (sku) => rail.get(sku),
  open: (button, terms) => command(button, () => line.emitWithAck('host:offer:open', { liveId, ...terms })),
  close: (button, offerId) =>
    void command(button, () => line.emitWithAck('host:offer:close', { liveId, offerId })),
});
flash.reset(first.offers);

const form = need<HTMLFormElement>('[data-say]');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const input = need<HTMLInputElement>('[name="text"]', form);
  const text = input.value.trim();
  if (text === '') return;
  void command(need('button', form), async () => {
    const answer = await line.emitWithAck('chat:send', { liveId, text });
    if (answer.ok) {
      input.value = '';
      chat.add([answer.message]);
    }
    return answer;
  });
});

setInterval(() => {
  if (root.dataset['state'] !== 'live' || !startedAt) return;
  need('[data-clock]').textContent = formatLeft(Date.now() - new Date(startedAt).getTime());
}, 1000);

let lineTimer: ReturnType<typeof setTimeout> | undefined;

function showConnection(state: ConnectionState) {
  const note = need('[data-connection]');
  clearTimeout(lineTimer);
  root.dataset['line'] = state;
  note.toggleAttribute('data-good', state === 'connected');
  if (state === 'connected') {
    note.textContent = say('back');
    lineTimer = setTimeout(() => (note.hidden = true), note.hidden ? 0 : 1_200);
    return;
  }
  note.textContent = say(state === 'offline' ? 'offline' : 'reconnecting');
  note.hidden = false;
}
