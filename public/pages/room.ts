import type { LiveSnapshot, RailItem, WireOffer } from '../../server/live/live.events.ts';
import type { Lang } from '../../server/platform/lang.ts';
import { buySheet, leftText } from '../lib/buy-sheet.ts';
import { chatList } from '../lib/chat-list.ts';
import { connect, type ConnectionState } from '../lib/connection.ts';
import { startCountdowns } from '../lib/countdown.ts';
import { formatMoney } from '../../server/platform/money.ts';
import { formatCount, need, pageData, speak, type Texts } from '../lib/page-data.ts';
import { startHearts } from '../lib/hearts.ts';
import { keepDrawn } from '../lib/redraw.ts';
import { shipsText } from '../lib/ships.ts';
import { startHouse } from '../lib/room/house.ts';
import { startRoomExtras } from '../lib/room/extras.ts';
import { startRoomBasket } from '../lib/room-basket.ts';
import { offerCard } from '../lib/offer-card.ts';
import { startWaiting } from '../lib/waiting.ts';
import { countVisit } from '../lib/visit.ts';
import { toastQueue } from '../lib/toast-queue.ts';

/** The live room: everything it shows comes from a snapshot and from news about it. */
const { live: first, lang } = pageData<{ live: LiveSnapshot; lang: Lang }>('room-data');
const say = speak(pageData<Texts>('texts'));
const liveId = first.id;
const room = need('[data-room]');
const rail = new Map<string, RailItem>(first.rail.map((item) => [item.sku, item]));
let pinned: string | null = first.pinned?.sku ?? null;

const chat = chatList(need('[data-chat]'), say, (message) => house.open(message));
const toasts = toastQueue(need('[data-toast]'));

const { socket, on } = connect({
  show: showConnection,
  async arrive(line) {
    const answer = await line.timeout(5_000).emitWithAck('live:join', { liveId });
    if (!answer.ok && answer.error.code === 'put_out') location.reload();
    if (!answer.ok) throw new Error(answer.error.code);
    showSnapshot(answer.live);
    drawn.edited(answer.live.edits);
    chat.reset(answer.chat);
    house.arrived(answer.live);
    extras.arrived();
  },
});
const house = startHouse({
  ...{ line: { socket, on }, liveId, say, tell: toasts.add, rail, forget: chat.remove },
});
const visit = countVisit(socket, liveId);
const extras = startRoomExtras({
  ...{ room, line: { socket, on }, liveId, lang, say, speakUp, rail, tell: toasts.add },
  choose,
});
const sheet = buySheet({ socket, liveId, lang, say, coupon: extras.coupon, ordered: extras.arrived });
const flash = offerCard({ lang, say, item: (sku) => rail.get(sku), choose });
flash.reset(first.offers);

/** Title, cover and shelf follow the host; what is open in front of them stays. */
const drawn = keepDrawn(first.edits, (live) => {
  rail.clear();
  for (const item of live.rail) rail.set(item.sku, item);
  showSnapshot(live);
});
// The server says the rest: the same address is another page to whoever was put out.
on('live:closed', (news) => {
  if (news.liveId === liveId) location.reload();
});
on('live:edited', (news) => {
  if (news.liveId === liveId) drawn.edited(news.edits);
});

on('live:pulse', (pulse) => {
  if (pulse.liveId !== liveId) return;
  showCounts(pulse.viewers, pulse.likes);
  for (const { sku, available } of pulse.stock) {
    const item = rail.get(sku);
    if (item) showItem({ ...item, available });
  }
});
on('live:ships', (news) => {
  if (news.liveId !== liveId) return;
  for (const { sku, by, presale } of news.ships) {
    const item = rail.get(sku);
    if (item) showItem({ ...item, ships: { by, presale } });
  }
});
on('live:pinned', (news) => {
  if (news.liveId === liveId) showPinned(news.sku, true);
});
on('live:unpinned', (news) => {
  if (news.liveId === liveId) showPinned(null, false);
});
on('chat:posted', (news) => {
  if (news.liveId !== liveId) return;
  chat.add(news.messages);
  extras.said(news.messages);
});
on('order:toast', (news) => {
  if (news.liveId !== liveId) return;
  for (const { name, sku, qty } of news.orders) {
    toasts.add(say('toast', { name, qty, product: rail.get(sku)?.name ?? '' }));
  }
});
on('offer:opened', (news) => {
  if (news.liveId === liveId) flash.opened(news.offer);
});
on('offer:closed', (news) => {
  if (news.liveId === liveId) flash.closed(news.offerId);
});
on('offer:pulse', (news) => {
  if (news.liveId === liveId) flash.left(news.offers);
});
on('live:started', (news) => {
  if (news.liveId === liveId) room.dataset['state'] = 'live';
});
on('live:ended', (news) => {
  if (news.liveId === liveId) room.dataset['state'] = 'ended';
});

function showSnapshot(live: LiveSnapshot) {
  room.dataset['state'] = live.state;
  showCounts(live.viewers, live.likes);
  for (const item of live.rail) showItem(item);
  flash.reset(live.offers);
  showPinned(live.pinned?.sku ?? null, live.pinned?.sku !== pinned);
}

function showCounts(viewers: number, likes: number) {
  need('[data-viewers]').textContent = formatCount(viewers, lang);
  const shown = need('[data-likes]');
  shown.textContent = formatCount(likes, lang);
  shown.hidden = likes === 0;
  extras.likes(likes);
}

function showItem(item: RailItem) {
  rail.set(item.sku, item);
  sheet.show(item);
  extras.stock();
  const ships = shipsText(item.ships, lang, say);
  if (item.sku === pinned) {
    showLeft(need('[data-pinned-left]'), item);
    need('[data-pinned-ships]').textContent = ships;
  }
  const row = document.querySelector<HTMLElement>(`[data-item="${CSS.escape(item.sku)}"]`);
  if (!row) return;
  row.classList.toggle('item--sold-out', item.available === 0);
  showLeft(need('[data-left]', row), item);
  need('[data-ships]', row).textContent = ships;
  for (const button of row.querySelectorAll<HTMLButtonElement>('[data-buy] button')) {
    button.disabled = item.available === 0;
  }
  need('[data-wait]', row).hidden = item.available > 0;
  need('[data-buy]', row).hidden = item.available === 0;
}

function showLeft(element: HTMLElement, { available }: RailItem) {
  element.textContent = leftText(available, say);
  element.toggleAttribute('data-few', available > 0 && available <= 20);
  const form = element.closest('[data-pinned]')?.querySelector('button');
  if (form) {
    form.disabled = available === 0;
    form.textContent = say(available === 0 ? 'soldOut' : 'buy');
  }
}

function showPinned(sku: string | null, fresh: boolean) {
  pinned = sku;
  const card = need('[data-pinned]');
  const item = sku === null ? undefined : rail.get(sku);
  card.hidden = item === undefined;
  card.dataset['sku'] = sku ?? '';
  for (const row of document.querySelectorAll<HTMLElement>('[data-item]')) {
    row.classList.toggle('item--pinned', row.dataset['item'] === sku);
  }
  if (!item) return;
  card.classList.remove('pinned--fresh');
  if (fresh) requestAnimationFrame(() => card.classList.add('pinned--fresh'));
  need<HTMLImageElement>('[data-pinned-image]').src = item.image;
  need('[data-pinned-name]').textContent = item.name;
  need('[data-pinned-variant]').textContent = item.variant;
  need('[data-pinned-price]').textContent = formatMoney(item.price, lang);
  need<HTMLInputElement>('[name="sku"]', card).value = item.sku;
  showLeft(need('[data-pinned-left]'), item);
  need('[data-pinned-ships]').textContent = shipsText(item.ships, lang, say);
}

let lineTimer: ReturnType<typeof setTimeout> | undefined;

function showConnection(state: ConnectionState) {
  const line = need('[data-connection]');
  clearTimeout(lineTimer);
  room.dataset['line'] = state;
  const was = !line.hidden;
  line.toggleAttribute('data-good', state === 'connected');
  if (state === 'connected') {
    line.textContent = say('back');
    lineTimer = setTimeout(() => (line.hidden = true), was ? 1_200 : 0);
    return;
  }
  line.textContent = say(state === 'offline' ? 'offline' : 'reconnecting');
  line.hidden = false;
}

/** Whichever buy button it was: the tap is counted, and the sheet opens. */
function choose(item: RailItem, offer?: WireOffer) {
  visit.tapped(item.sku);
  sheet.open(item, offer);
}

// On the document: the shelf may be drawn anew.
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches('[data-buy]')) return;
  event.preventDefault();
  const item = rail.get(need<HTMLInputElement>('[name="sku"]', form).value);
  if (item) choose(item);
});

startRoomBasket(sheet.chosen);

const sayForm = need<HTMLFormElement>('[data-say]');
sayForm.hidden = false;
sayForm.addEventListener('submit', (event) => {
  event.preventDefault();
  void sendLine(need<HTMLInputElement>('[name="text"]', sayForm));
});

async function sendLine(input: HTMLInputElement) {
  const text = input.value.trim();
  if (text === '') return;
  if ((await speakUp(text)) && input.value.trim() === text) input.value = '';
}

/** Says something in the chat. @returns whether it was said */
async function speakUp(text: string): Promise<boolean> {
  try {
    const answer = await socket.timeout(5_000).emitWithAck('chat:send', { liveId, text, ...house.asking() });
    if (answer.ok) chat.add([answer.message]);
    if (answer.ok && answer.held) toasts.add(say('house.held'));
    if (!answer.ok) toasts.add(say('unsent', { why: answer.error.message }));
    return answer.ok;
  } catch {
    toasts.add(say('unsent', { why: say('reconnecting') }));
    return false;
  }
}

startWaiting({ socket, on, liveId, say, tell: toasts.add });
startHearts(need<HTMLButtonElement>('[data-like]'), (count) => {
  socket.emit('live:like', { liveId, count }, () => {});
});
startCountdowns(document, () => {});
openShelfByHash();

/** The shelf opens by its address; the back button of a phone closes it. */
function openShelfByHash() {
  const shelf = need('#shelf');
  window.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && location.hash === '#shelf') history.back();
  });
  need('.goods__back').addEventListener('click', (event) => {
    event.preventDefault();
    history.back();
  });
  need('.goods__close').addEventListener('click', (event) => {
    event.preventDefault();
    history.back();
  });
  window.addEventListener('hashchange', () => {
    if (location.hash === '#shelf') need('.goods__close', shelf).focus();
  });
}
