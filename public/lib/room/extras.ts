import type { WirePocket } from '../../../server/live/coupon-drops.events.ts';
import type { ChatMessage, RailItem } from '../../../server/live/live.events.ts';
import type { Lang } from '../../../server/platform/lang.ts';
import type { Line } from '../connection.ts';
import { need, type Speak } from '../page-data.ts';
import { startShare } from '../share.ts';
import { startBurst } from './burst.ts';
import { startCaptions } from './captions.ts';
import { startCompany } from './company.ts';
import { startDanmaku } from './danmaku.ts';
import { startDrawCard } from './draw-card.ts';
import { bestCoupon } from './pocket.ts';
import { startProductPanel } from './product-panel.ts';
import { startTickets } from './tickets.ts';
import { startTools } from './tools.ts';

interface Deps {
  room: HTMLElement;
  line: Line;
  liveId: string;
  lang: Lang;
  say: Speak;
  rail: ReadonlyMap<string, RailItem>;
  speakUp: (text: string) => Promise<boolean>;
  tell: (text: string) => void;
  choose: (item: RailItem) => void;
}

const HEARTS = ['#e8604c', '#f2a65a', '#f6dc9c', '#7fb685', '#e58fb1'];

/** What makes a room more than a shop window: draws, coupons, comments that fly, subtitles, and company. */
export function startRoomExtras(deps: Deps) {
  const { room, line, liveId, lang, say, rail, tell } = deps;
  let pocket: WirePocket[] = [];

  const layer = need('[data-danmaku]');
  const tools = startTools({
    room,
    stage: need('[data-stage]'),
    changed: ({ danmaku: on }) => {
      layer.hidden = !on;
      if (!on) layer.replaceChildren();
    },
  });
  const danmaku = startDanmaku(layer, () => tools.choices.danmaku);
  const burst = startBurst(need('[data-like]'), (turn) => HEARTS[turn % HEARTS.length]!);
  const captions = startCaptions(need('[data-caption]'));
  const draw = startDrawCard({ line, liveId, lang, say, speakUp: deps.speakUp, tell });
  const tickets = startTickets({ line, liveId, lang, say, tell, pocket: (held) => (pocket = held) });
  startCompany({ liveId, lang, say, tell });
  startProductPanel({
    ...{ room, lang, say, choose: deps.choose },
    item: (sku) => rail.get(sku),
    rail: () => rail.values(),
  });
  startShare(document);

  line.on('caption:said', (news) => {
    if (news.liveId === liveId && tools.choices.captions) captions.said(news.text);
  });

  return {
    /** The line is there (again): what was missed is asked for. */
    arrived() {
      void draw.look();
      void tickets.look();
    },
    said: (messages: readonly ChatMessage[]) => danmaku.add(messages),
    likes: burst.likes,
    /** Everything that this live sells has run out, or has not. */
    stock() {
      const items = [...rail.values()];
      need('[data-all-gone]').hidden = items.length === 0 || items.some(({ available }) => available > 0);
    },
    coupon(sku: string, fen: number) {
      const best = bestCoupon(pocket, { sku, fen, now: Date.now() });
      return best && { code: best.coupon.code, offFen: best.offFen };
    },
  };
}
