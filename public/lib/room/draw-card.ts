import type { WireDraw, WireStanding } from '../../../server/draws/draws.events.ts';
import type { Lang } from '../../../server/platform/lang.ts';
import type { Line } from '../connection.ts';
import { formatLeft } from '../countdown.ts';
import { keepSeal } from '../draw-seal.ts';
import { formatCount, need, type Speak } from '../page-data.ts';

interface Deps {
  line: Line;
  liveId: string;
  lang: Lang;
  say: Speak;
  /** Says something in the chat, as its reader would. @returns whether it was said */
  speakUp: (text: string) => Promise<boolean>;
  tell: (text: string) => void;
}

const TICK_MS = 500;

const MINUTE_MS = 60_000;
const LOOK_AGAIN_MS = 15_000;

/** How long a draw that is over stays in sight. */
const SHOWN_AFTER_MS = 10 * 60_000;

/** The lucky draw in the room: how to take part, how many do, the seal, and who has won. */
export function startDrawCard({ line: { socket, on }, liveId, lang, say, speakUp, tell }: Deps) {
  const card = need('[data-draw]');
  const part = (name: string) => need(`[data-draw-${name}]`, card);
  const button = need<HTMLButtonElement>('[data-draw-enter]', card);
  const signIn = need<HTMLAnchorElement>('[data-draw-sign-in]', card);
  const claim = need<HTMLAnchorElement>('[data-draw-claim]', card);
  let draw: WireDraw | undefined;
  let mine: WireStanding | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  const dismissed = new Set<string>();

  button.addEventListener('click', () => void enter());
  part('close').addEventListener('click', () => {
    if (draw) dismissed.add(`${draw.id} ${draw.state}`);
    show();
  });
  setInterval(showClock, TICK_MS);

  on('draw:moved', (news) => {
    if (news.liveId !== liveId) return;
    const fresh = news.draw.id !== draw?.id;
    draw = news.draw;
    if (fresh) mine = undefined;
    if (draw.commitment) keepSeal(draw.id, draw.commitment);
    if (draw.state === 'cancelled') tell(say('draw.cancelled'));
    // A room full of people asks at once; whoever has no chance has nothing to ask for when it is drawn.
    if (fresh || (draw.state === 'drawn' && mine?.entrant !== null)) void look();
    show();
  });
  on('draw:pulse', (news) => {
    if (news.liveId !== liveId || news.drawId !== draw?.id) return;
    draw = { ...draw, entrants: news.entrants };
    show();
  });
  on('draw:joined', (news) => {
    if (news.liveId !== liveId || news.drawId !== draw?.id || !mine) return;
    mine = { ...mine, entrant: news.entrant };
    show();
  });
  on('draw:won', (news) => {
    if (news.liveId === liveId) void look();
  });

  on('order:updated', () => {
    if (draw?.entry.kind === 'bought' && draw.state === 'open' && !mine?.entrant) void look();
  });

  async function look() {
    const answer = await socket
      .timeout(5_000)
      .emitWithAck('draw:look', { liveId })
      .catch(() => undefined);
    if (answer?.ok) heard(answer);
    lookAgain();
  }

  /** Watching goes on by itself: whoever is still short of it asks again when it may be enough. */
  function lookAgain() {
    clearTimeout(again);
    const left = mine ? mine.needs - mine.has : 0;
    if (draw?.state !== 'open' || draw.entry.kind !== 'watched') return;
    if (!mine?.signedIn || mine.entrant || left <= 0) return;
    // Whole minutes are told: one of them may be full at any time, each other takes its minute.
    const wait = (left - 1) * MINUTE_MS + LOOK_AGAIN_MS * (1 + Math.random() / 2);
    again = setTimeout(() => void look(), wait);
  }

  function heard(answer: { draw: WireDraw | null; mine: WireStanding | null }) {
    draw = answer.draw ?? undefined;
    mine = answer.mine ?? undefined;
    if (draw?.commitment) keepSeal(draw.id, draw.commitment);
    show();
  }

  async function enter() {
    if (!draw) return;
    button.setAttribute('aria-busy', 'true');
    try {
      if (draw.entry.kind === 'comment') {
        if (await speakUp(draw.entry.keyword)) await look();
        return;
      }
      const answer = await socket.timeout(5_000).emitWithAck('draw:enter', { liveId, drawId: draw.id });
      if (answer.ok) mine = answer.mine;
      else tell(answer.error.message);
      show();
    } catch {
      tell(say('reconnecting'));
    } finally {
      button.removeAttribute('aria-busy');
    }
  }

  function isInSight(): boolean {
    if (!draw || draw.state === 'cancelled' || dismissed.has(`${draw.id} ${draw.state}`)) return false;
    if (draw.state !== 'drawn') return true;
    return Date.now() - Date.parse(draw.drawAt ?? draw.closesAt) < SHOWN_AFTER_MS;
  }

  function show() {
    card.hidden = !isInSight();
    if (!draw || card.hidden) return;
    card.dataset['state'] = draw.state;
    const [first] = draw.prizes;
    need<HTMLImageElement>('[data-draw-image]', card).src = first?.image ?? '';
    part('prize').textContent = draw.prizes
      .map(({ name, qty, winners }) => say('draw.prize', { name: name[lang], qty, n: winners }))
      .join(say('draw.and'));
    part('count').textContent = say('draw.count', { n: formatCount(draw.entrants, lang) });
    part('how').textContent = howText(draw);
    showButtons(draw);
    showResult(draw);
    showClock();
  }

  function howText({ entry, state, commitment }: WireDraw): string {
    if (state === 'drawn') return '';
    if (commitment) return say('draw.sealed', { seal: commitment.slice(0, 12) });
    if (mine?.entrant) return say('draw.in', { name: mine.entrant.slice(0, 8) });
    if (entry.kind === 'comment') return say('draw.byComment', { keyword: entry.keyword });
    if (entry.kind === 'bought') return say('draw.byPurchase');
    const left = mine ? mine.needs - mine.has : entry.minutes;
    return left > 0 ? say('draw.watchOn', { n: left }) : say('draw.watched');
  }

  function showButtons({ state, entry }: WireDraw) {
    const open = state === 'open' && !mine?.entrant;
    signIn.hidden = !(open && mine && !mine.signedIn);
    button.hidden = !(open && mine?.signedIn);
    button.disabled = entry.kind !== 'comment' && mine !== undefined && mine.has < mine.needs;
    button.textContent = entry.kind === 'comment' ? say('draw.sayIt') : say('draw.enter');
    const waiting = mine?.won.find((award) => award.state === 'waiting');
    claim.hidden = waiting === undefined;
    if (waiting) claim.href = waiting.href;
  }

  function showResult({ state, winners, check }: WireDraw) {
    const won = mine?.won[0];
    const names = winners.map(({ name }) => name || '**').slice(0, 6);
    part('result').hidden = state !== 'drawn';
    part('result').textContent = won
      ? say('draw.youWon')
      : say('draw.winners', { names: names.join('、') }) + (mine?.entrant ? say('draw.youLost') : '');
    const link = need<HTMLAnchorElement>('[data-draw-check]', card);
    link.hidden = state !== 'drawn' && state !== 'committed';
    link.href = check;
  }

  function showClock() {
    if (!draw) return;
    const until = draw.state === 'committed' ? draw.drawAt : draw.state === 'open' ? draw.closesAt : null;
    part('clock').textContent = until ? formatLeft(Date.parse(until) - Date.now()) : '';
    if (draw.state === 'drawn' && !card.hidden && !isInSight()) show();
  }

  return { look };
}
