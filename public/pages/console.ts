import type { DeskSelf, DeskState, PreparedWire } from '../../server/live/console.events.ts';
import type { LiveSnapshot, RailItem } from '../../server/live/live.events.ts';
import type { Lang } from '../../server/platform/lang.ts';
import { chatList } from '../lib/chat-list.ts';
import { connect, type ConnectionState, type Line } from '../lib/connection.ts';
import { commands } from '../lib/console/commands.ts';
import { startLuckDesks } from '../lib/console/luck.ts';
import { ordersFeed } from '../lib/console/orders-feed.ts';
import { rehearse } from '../lib/console/rehearsal.ts';
import { relay } from '../lib/console/relay.ts';
import { table } from '../lib/console/table.ts';
import { talk } from '../lib/console/talk.ts';
import { startViews } from '../lib/console/views.ts';
import { formatLeft } from '../lib/countdown.ts';
import { figuresStrip } from '../lib/figures-strip.ts';
import { offerDesk } from '../lib/offer-desk.ts';
import { formatCount, need, pageData, speak, type Texts } from '../lib/page-data.ts';
import { keepDrawn } from '../lib/redraw.ts';
import { toastQueue } from '../lib/toast-queue.ts';

interface ConsoleData {
  live: LiveSnapshot;
  lang: Lang;
  desk: DeskState;
  you: DeskSelf;
  prepared: PreparedWire[];
  rehearsal: boolean;
}

/** Three, two, one: what a launched offer leaves its viewers to get ready, in seconds. */
const COUNTDOWN_SECONDS = 3;

/** The host's console: what is on the table, what sells, who is there. */
const {
  live: first,
  lang,
  desk: firstDesk,
  you: firstYou,
  prepared,
  rehearsal,
} = pageData<ConsoleData>('room-data');
const say = speak(pageData<Texts>('texts'));
const liveId = first.id;
const root = need('[data-console]');
const rail = new Map<string, RailItem>(first.rail.map((item) => [item.sku, item]));
let startedAt = first.startedAt;
let you = firstYou;

const toasts = toastQueue(need('[data-toast]'));
const command = commands({ say, tell: toasts.add });
const line: Line = rehearsal
  ? rehearse({ live: first, arrival: { desk: firstDesk, you }, say, arrive })
  : connect({ show: showConnection, arrive });
const { socket, on } = line;

const asked = socket.timeout(5_000);
const views = startViews(root);
const chat = chatList(need('[data-chat]'), say, (message) => speech.open(message));
const speech = talk({
  ...{ line, liveId, lang, say, command },
  nudge: views.nudge,
  forget: chat.remove,
});
const onTable = table({ line, liveId, lang, say, command, rail });
const handing = relay({ line, liveId, say, command, you: () => you });
const showOrders = ordersFeed({ lang, say, nameOf: (sku) => rail.get(sku)?.name ?? sku });
const luck = rehearsal ? undefined : startLuckDesks({ line, liveId, lang, say, tell: toasts.add });

async function arrive(to: Line['socket']) {
  const [room, host, desk] = await Promise.all([
    to.timeout(5_000).emitWithAck('live:join', { liveId }),
    to.timeout(5_000).emitWithAck('host:join', { liveId }),
    to.timeout(5_000).emitWithAck('console:join', { liveId }),
  ]);
  if (!room.ok) throw new Error(room.error.code);
  if (!host.ok) throw new Error(host.error.code);
  if (!desk.ok) throw new Error(desk.error.code);
  you = desk.you;
  showSnapshot(room.live);
  drawn.edited(room.live.edits);
  chat.reset(room.chat);
  showOrders(host.orders, host.sums);
  onTable.lots(desk.lots);
  speech.arrive(desk);
  showDesk(desk.desk);
  luck?.arrived();
}

/** Title and run of show follow whoever of the house changes them; the studio on this page goes on. */
const drawn = keepDrawn(first.edits, (live) => {
  rail.clear();
  for (const item of live.rail) rail.set(item.sku, item);
  showState(live.state, live.startedAt);
  onTable.drawn();
  void asked.emitWithAck('console:join', { liveId }).then(
    (desk) => desk.ok && onTable.lots(desk.lots),
    () => {},
  );
});
on('live:edited', (news) => news.liveId === liveId && drawn.edited(news.edits));

on('live:pulse', (pulse) => {
  if (pulse.liveId !== liveId) return;
  showCounts(pulse.viewers, pulse.likes);
  for (const { sku, available } of pulse.stock) onTable.stands(sku, { available });
});
on('live:ships', (news) => {
  if (news.liveId !== liveId) return;
  for (const { sku, by, presale } of news.ships) onTable.stands(sku, { ships: { by, presale } });
});
on('live:started', (news) => news.liveId === liveId && showState('live', news.startedAt));
on('live:ended', (news) => news.liveId === liveId && showState('ended', startedAt));
on('chat:posted', (news) => {
  if (news.liveId !== liveId) return;
  chat.add(news.messages);
  speech.heard(news.messages);
});
on('offer:opened', (news) => news.liveId === liveId && flash.put(news.offer));
on('offer:closed', (news) => news.liveId === liveId && flash.remove(news.offerId));
on('offer:pulse', (news) => news.liveId === liveId && flash.left(news.offers));
on('host:orders', (news) => news.liveId === liveId && showOrders(news.orders, news.sums));
on('console:changed', (news) => news.liveId === liveId && showDesk(news));
on('console:lots', (news) => news.liveId === liveId && onTable.lots(news.lots));
on('relay:moved', (news) => {
  if (news.liveId !== liveId) return;
  toasts.add(say('console.relayMoved', { who: news.name }));
  document.dispatchEvent(new CustomEvent('console:relayed'));
});
// No longer of the house: the page would only be refused from here on.
on('console:closed', (news) => {
  if (news.liveId === liveId) location.assign(`/live/${liveId}`);
});

const figures = rehearsal ? undefined : figuresStrip(need('[data-figures]'), lang);
on('host:figures', (news) => news.liveId === liveId && figures?.show(news));

function showDesk(desk: DeskState) {
  const mine = desk.crew.find(({ id }) => id === you.member);
  // Rights that were given or taken meanwhile: the buttons are the server's to lay out.
  if (mine && !you.runs && mine.rights.join() !== you.rights.join()) return location.reload();
  onTable.show(desk);
  speech.show(desk);
  handing.show(desk);
}

function showSnapshot(live: LiveSnapshot) {
  showState(live.state, live.startedAt);
  showCounts(live.viewers, live.likes);
  for (const { sku, available, ships } of live.rail) onTable.stands(sku, { available, ships });
  flash.reset(live.offers);
}

function showState(state: LiveSnapshot['state'], since: string | null) {
  root.dataset['state'] = state;
  startedAt = since;
  onTable.running(state);
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

const start = document.querySelector<HTMLButtonElement>('[data-start]');
const stop = document.querySelector<HTMLButtonElement>('[data-stop]');
start?.addEventListener(
  'click',
  () => void command(start, () => asked.emitWithAck('host:start', { liveId })),
);
stop?.addEventListener('click', () => {
  if (rehearsal) location.assign(`/host/live/${liveId}`);
  else if (confirm(say('stopSure'))) void command(stop, () => asked.emitWithAck('host:stop', { liveId }));
});

const flash = offerDesk({
  lang,
  say,
  item: (sku) => rail.get(sku),
  open: async (button, terms) =>
    (await command(button, () => asked.emitWithAck('host:offer:open', { liveId, ...terms }))) !== undefined,
  close: (button, offerId) =>
    void command(button, () => asked.emitWithAck('host:offer:close', { liveId, offerId })),
});
flash.reset(first.offers);

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-prepared]')) {
  const terms = prepared.find(({ id }) => id === button.dataset['prepared']);
  button.addEventListener('click', () => {
    if (!terms) return;
    const { sku, price, quantity, perBuyer, seconds } = terms;
    const offer = { liveId, sku, price, quantity, perBuyer, seconds, countdown: COUNTDOWN_SECONDS };
    void command(button, () => asked.emitWithAck('host:offer:open', offer));
  });
}

const form = need<HTMLFormElement>('[data-say]');
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const input = need<HTMLInputElement>('[name="text"]', form);
  const text = input.value.trim();
  if (text === '') return;
  void command(need('button[type="submit"]', form), () =>
    asked.emitWithAck('chat:send', { liveId, text }),
  ).then((answer) => {
    if (!answer) return;
    input.value = '';
    chat.add([answer.message]);
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
