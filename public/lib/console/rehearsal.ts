import type { DeskArrival, DeskState } from '../../../server/live/console.events.ts';
import type {
  ChatMessage,
  HostOrder,
  HostSums,
  LiveSnapshot,
  WireOffer,
} from '../../../server/live/live.events.ts';
import { money } from '../../../server/platform/money.ts';
import type { Line } from '../connection.ts';
import type { Speak } from '../page-data.ts';

/**
 * The shop's end of the line, made up in this page: shoppers who order, talk and like by chance. Nothing leaves the
 * browser, so nothing can reach stock, figures, chat or orders; closing the page is all it takes to undo it.
 */
export function rehearse(deps: {
  live: LiveSnapshot;
  arrival: Omit<DeskArrival, 'lots' | 'questions' | 'held' | 'reports' | 'sanctions'>;
  say: Speak;
  arrive: (socket: Line['socket']) => Promise<void>;
}): Line {
  const { live, say } = deps;
  const liveId = live.id;
  const listeners = new Map<string, ((news: unknown) => void)[]>();
  const stock = new Map(live.rail.map(({ sku, available }) => [sku, Math.max(30, available)]));
  const orders: HostOrder[] = [];
  const offers = new Map<string, WireOffer>();
  let desk: DeskState = { ...deps.arrival.desk, version: 1, pinned: null, answer: null, handover: null };
  let viewers = 12;
  let likes = 0;
  let count = 0;

  const tell = (event: string, news: object) => {
    for (const listener of listeners.get(event) ?? []) listener({ liveId, ...news });
  };
  const id = () => `rehearsal${(count += 1)}`;
  const chance = (share: number) => Math.random() < share;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;
  const names = [1, 2, 3, 4, 5, 6].map((n) => say('console.rehearsalName', { n }));
  const lines = ['Ask1', 'Ask2', 'Ask3', 'Say1', 'Say2', 'Say3'] as const;

  function snapshot(): LiveSnapshot {
    const rail = live.rail.map((item) => ({ ...item, available: stock.get(item.sku) ?? 0 }));
    return {
      ...live,
      ...{
        state: 'live',
        startedAt: started,
        endedAt: null,
        rail,
        offers: [...offers.values()],
        viewers,
        likes,
      },
    };
  }

  function sums(): HostSums {
    const of = (states: readonly string[]) => {
      const rows = orders.filter(({ state }) => states.includes(state));
      return {
        orders: rows.length,
        pieces: rows.flatMap((row) => row.lines).reduce((sum, { qty }) => sum + qty, 0),
        money: money(rows.reduce((sum, { total }) => sum + total.amount, 0)),
      };
    };
    return { held: of(['awaiting_payment']), paid: of(['paid']), lapsed: { orders: 0 } };
  }

  const tellOrders = () => tell('host:orders', { orders: orders.slice(0, 30), sums: sums() });

  function order() {
    const shown = desk.pinned?.sku ?? pick(live.rail).sku;
    const item = live.rail.find(({ sku }) => sku === shown);
    const left = stock.get(shown) ?? 0;
    if (!item || left === 0) return;
    const qty = Math.min(left, chance(0.8) ? 1 : 2);
    stock.set(shown, left - qty);
    const offer = [...offers.values()].find(({ sku, left: pieces }) => sku === shown && pieces >= qty);
    if (offer) {
      offers.set(offer.id, { ...offer, left: offer.left - qty });
      tell('offer:pulse', { offers: [...offers.values()].map((one) => ({ id: one.id, left: one.left })) });
    }
    const total = money((offer?.price.amount ?? item.price.amount) * qty);
    const at = new Date().toISOString();
    orders.unshift({
      code: id(),
      name: pick(names),
      at,
      state: 'awaiting_payment',
      total,
      lines: [{ sku: shown, qty }],
    });
    if (orders.length > 200) orders.pop();
    tellOrders();
  }

  function pay() {
    const held = orders.findIndex(({ state }) => state === 'awaiting_payment');
    if (held < 0) return;
    orders[held] = { ...orders[held]!, state: 'paid' };
    tellOrders();
  }

  function speak() {
    const line = pick(lines);
    const text = say(`console.rehearsal${line}`);
    const message: ChatMessage = {
      ...{ id: id(), name: pick(names), text, at: new Date().toISOString(), role: 'viewer' },
      ...(line.startsWith('Ask') ? { question: true } : {}),
    };
    tell('chat:posted', { messages: [message] });
  }

  function pulse() {
    viewers = Math.max(5, viewers + Math.round(Math.random() * 4 - 1.6));
    likes += Math.floor(Math.random() * 9);
    const rail = live.rail.map(({ sku }) => ({ sku, available: stock.get(sku) ?? 0 }));
    tell('live:pulse', { viewers, likes, stock: rail });
    if (chance(0.35)) order();
    if (chance(0.25)) pay();
    if (chance(0.4)) speak();
  }

  function change(set: Partial<DeskState>) {
    desk = { ...desk, ...set, version: desk.version + 1 };
    tell('console:changed', desk);
  }

  /** What the console may ask for here; everything else is answered by a friendly no. */
  const answers: Record<string, (input: never) => object | undefined> = {
    'live:join': () => ({ live: snapshot(), chat: [] }),
    'host:join': () => ({ orders: [], sums: sums() }),
    'console:join': () => ({
      ...deps.arrival,
      desk,
      lots: {},
      questions: [],
      held: [],
      reports: [],
      sanctions: [],
    }),
    'host:pin': ({ sku }: { sku: string }) => {
      change({ pinned: { sku, lot: null, at: new Date().toISOString(), by: deps.arrival.desk.acting.name } });
      return {};
    },
    'host:unpin': () => (change({ pinned: null }), {}),
    'host:offer:open': (
      terms: Pick<WireOffer, 'sku' | 'price' | 'quantity' | 'perBuyer'> & {
        seconds: number;
        countdown?: number;
      },
    ) => {
      const item = live.rail.find(({ sku }) => sku === terms.sku);
      if (!item) return undefined;
      const opens = Date.now() + (terms.countdown ?? 0) * 1000;
      const offer: WireOffer = {
        ...{ id: id(), sku: terms.sku, price: terms.price, regular: item.price, quantity: terms.quantity },
        ...{ left: terms.quantity, perBuyer: terms.perBuyer, opensAt: new Date(opens).toISOString() },
        closesAt: new Date(opens + terms.seconds * 1000).toISOString(),
      };
      offers.set(offer.id, offer);
      tell('offer:opened', { offer });
      return { offer };
    },
    'host:offer:close': ({ offerId }: { offerId: string }) => {
      offers.delete(offerId);
      tell('offer:closed', { offerId, reason: 'host' });
      return {};
    },
    'host:callout': ({ sku }: { sku: string }) => ({ left: stock.get(sku) ?? 0 }),
    'host:answer': ({ text, messageId }: { text: string; messageId?: string }) => {
      change({ answer: { id: id(), asker: null, question: null, text } });
      if (messageId !== undefined) tell('console:question', { messageId, by: '' });
      return {};
    },
    'host:answer:remove': () => (change({ answer: null }), {}),
    'host:question:done': ({ messageId }: { messageId: string }) => (
      tell('console:question', { messageId, by: '' }),
      {}
    ),
    'mod:delete': ({ messageId }: { messageId: string }) => (tell('chat:removed', { ids: [messageId] }), {}),
    'mod:rules': ({ slowSeconds, audience, words }: DeskState['rules']) => (
      change({ rules: { slowSeconds, audience, words } }),
      {}
    ),
    'chat:send': ({ text }: { text: string }) => ({
      message: {
        id: id(),
        name: deps.arrival.desk.acting.name,
        text,
        at: new Date().toISOString(),
        role: 'host',
      },
    }),
  };

  const started = new Date().toISOString();
  const socket = {
    timeout: () => socket,
    emitWithAck(event: string, input: unknown) {
      const answer = answers[event]?.(input as never);
      const refused = { code: 'unavailable', message: say('console.rehearsalNo') };
      return Promise.resolve(answer ? { ok: true, ...answer } : { ok: false, error: refused });
    },
  } as unknown as Line['socket'];
  const on = (event: string, listener: (news: unknown) => void) => {
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
  };
  // After the page has put up its listeners, as a real line would.
  queueMicrotask(() => void deps.arrive(socket).then(() => setInterval(pulse, 1_000)));
  return { socket, on: on as unknown as Line['on'] };
}
