import type { DeskState, WireLot } from '../../../server/live/console.events.ts';
import type { RailItem } from '../../../server/live/live.events.ts';
import type { Lang } from '../../../server/platform/lang.ts';
import { formatMoney } from '../../../server/platform/money.ts';
import type { Line } from '../connection.ts';
import { shipsText } from '../ships.ts';
import { need, type Speak } from '../page-data.ts';
import type { Command } from './commands.ts';

/** As the server sees it: "last twenty" is only called when it is so. */
const LAST_PIECES = 20;

interface Deps {
  line: Line;
  liveId: string;
  lang: Lang;
  say: Speak;
  command: Command;
  rail: Map<string, RailItem>;
}

/** What lies on the table and what comes next. A tap carries the picture it was made on, so that two do not fight. */
export function table({ line, liveId, lang, say, command, rail }: Deps) {
  const lots = new Map<string, WireLot[]>();
  const socket = line.socket.timeout(5_000);
  let version = 0;
  let pinned: DeskState['pinned'] = null;
  let live = false;

  const unpin = document.querySelector<HTMLButtonElement>('[data-unpin]');
  const callout = document.querySelector<HTMLButtonElement>('[data-callout]');
  const next = document.querySelector<HTMLButtonElement>('[data-next]');

  const tooLate = { conflict: () => say('console.pinConflict', { who: pinned?.by ?? '' }) };

  function pin(button: HTMLButtonElement, sku: string) {
    const seen = version;
    return command(button, () => socket.emitWithAck('host:pin', { liveId, sku, version: seen }), tooLate);
  }

  function takeOff(button: HTMLButtonElement) {
    const seen = version;
    return command(button, () => socket.emitWithAck('host:unpin', { liveId, version: seen }), tooLate);
  }

  function nextSku(): string | undefined {
    const order = [...rail.keys()];
    const at = pinned ? order.indexOf(pinned.sku) : -1;
    return order.slice(at + 1).find((sku) => (rail.get(sku)?.available ?? 0) > 0);
  }

  // On the document: the run of show may be drawn anew.
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-pin]');
    const sku = button?.dataset['pin'];
    if (button && sku) void (pinned?.sku === sku ? takeOff(button) : pin(button, sku));
  });
  unpin?.addEventListener('click', () => void takeOff(unpin));
  next?.addEventListener('click', () => {
    const sku = nextSku();
    if (sku !== undefined) void pin(next, sku);
  });
  callout?.addEventListener('click', () => {
    if (!pinned) return;
    const { sku } = pinned;
    void command(callout, () => socket.emitWithAck('host:callout', { liveId, sku }), {
      conflict: () => say('console.calloutUntrue'),
    });
  });

  function show() {
    const item = pinned && rail.get(pinned.sku);
    need('[data-now-card]').hidden = !item;
    need('[data-now-empty]').hidden = Boolean(item);
    for (const button of document.querySelectorAll<HTMLButtonElement>('[data-pin]')) {
      const is = button.dataset['pin'] === pinned?.sku;
      button.setAttribute('aria-pressed', String(is));
      button.textContent = say(is ? 'onTable' : 'pin');
    }
    for (const row of document.querySelectorAll<HTMLElement>('[data-item]')) {
      row.toggleAttribute('data-pinned', row.dataset['item'] === pinned?.sku);
    }
    showNext();
    if (!item || !pinned) return;
    need<HTMLImageElement>('[data-now-image]').src = item.image;
    need('[data-now-name]').textContent = `${item.name} ${item.variant}`;
    need('[data-now-price]').textContent = formatMoney(item.price, lang);
    need('[data-now-by]').textContent = pinned.by === '' ? '' : say('console.pinnedBy', { who: pinned.by });
    showStock(pinned.sku);
  }

  function showNext() {
    const item = rail.get(nextSku() ?? '');
    need('[data-now-next]').hidden = !item;
    need('[data-now-next-name]').textContent = item ? `${item.name} ${item.variant}` : '';
  }

  function lotText(sku: string, code?: string | null): string {
    const known = lots.get(sku) ?? [];
    const lot = code ? known.find((one) => one.code === code) : known[0];
    if (lot) return say('console.lot', { code: lot.code, n: lot.available, until: lot.bestBefore });
    return code ? say('console.lotGone', { code }) : '';
  }

  function showStock(sku: string) {
    const { available = 0, ships = null } = rail.get(sku) ?? {};
    const sent = shipsText(ships, lang, say);
    const row = document.querySelector<HTMLElement>(`[data-item="${CSS.escape(sku)}"]`);
    if (row) {
      need('[data-left]', row).textContent = String(available);
      need('.run__stock', row).toggleAttribute('data-few', available <= LAST_PIECES);
      need('[data-lot]', row).textContent = lotText(sku);
      need('[data-ships]', row).textContent = sent;
    }
    if (pinned?.sku !== sku) return;
    need('[data-now-left]').textContent = String(available);
    need('[data-now-lot]').textContent = lotText(sku, pinned.lot);
    need('[data-now-ships]').textContent = sent;
    if (callout) callout.disabled = !(live && available > 0 && available <= LAST_PIECES);
  }

  return {
    show(desk: DeskState) {
      // News may overtake an answer: the table never goes back to a picture of before.
      if (desk.version < version) return;
      ({ version, pinned } = desk);
      show();
    },
    /** Pieces, or the promise about sending, are others now. */
    stands(sku: string, news: Partial<Pick<RailItem, 'available' | 'ships'>>) {
      const item = rail.get(sku);
      if (!item) return;
      rail.set(sku, { ...item, ...news });
      showStock(sku);
      showNext();
    },
    lots(news: Record<string, WireLot[]>) {
      for (const [sku, list] of Object.entries(news)) {
        lots.set(sku, list);
        showStock(sku);
      }
    },
    running(state: string) {
      live = state === 'live';
      show();
    },
    /** The run of show was drawn anew. */
    drawn() {
      show();
      for (const sku of rail.keys()) showStock(sku);
    },
  };
}
