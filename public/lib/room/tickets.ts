import type { WireDrop, WirePocket } from '../../../server/live/coupon-drops.events.ts';
import type { Lang } from '../../../server/platform/lang.ts';
import { formatMoney } from '../../../server/platform/money.ts';
import type { Line } from '../connection.ts';
import { formatLeft } from '../countdown.ts';
import { followDrops } from '../drops.ts';
import { need, type Speak } from '../page-data.ts';

interface Deps {
  line: Line;
  liveId: string;
  lang: Lang;
  say: Speak;
  tell: (text: string) => void;
  /** The coupons that this person holds are these now. */
  pocket: (pocket: WirePocket[]) => void;
}

const TICK_MS = 250;

/** A coupon that falls in the room: a ticket with its countdown, what is left of it, and one button. */
export function startTickets({ line, liveId, lang, say, tell, pocket }: Deps) {
  const { socket } = line;
  const ticket = need('[data-ticket]');
  const part = (name: string) => need(`[data-ticket-${name}]`, ticket);
  const button = need<HTMLButtonElement>('[data-ticket-take]', ticket);
  const bar = need<HTMLProgressElement>('[data-ticket-bar]', ticket);
  const { drops, look: lookAtDrops } = followDrops(line, liveId, tick);
  const taken = new Set<string>();
  const dismissed = new Set<string>();
  let shown: WireDrop | undefined;
  let busy = false;

  button.addEventListener('click', () => void take());
  part('close').addEventListener('click', () => {
    if (shown) dismissed.add(shown.id);
    tick();
  });
  setInterval(tick, TICK_MS);

  async function look() {
    const answer = await lookAtDrops();
    if (!answer) return;
    taken.clear();
    for (const id of answer.taken) taken.add(id);
    pocket(answer.pocket);
    tick();
  }

  async function take() {
    if (!shown || busy) return;
    const drop = shown;
    busy = true;
    tick();
    try {
      const answer = await socket.timeout(5_000).emitWithAck('coupon:take', { liveId, dropId: drop.id });
      if (answer.ok) {
        taken.add(drop.id);
        pocket(answer.pocket);
      } else {
        if (answer.error.code === 'coupon_used_up') drops.set(drop.id, { ...drop, left: 0 });
        tell(answer.error.message);
      }
    } catch {
      tell(say('reconnecting'));
    } finally {
      busy = false;
      tick();
    }
  }

  /** The one that ends first. */
  function pick(now: number): WireDrop | undefined {
    return [...drops.values()]
      .filter(({ id, closesAt }) => Date.parse(closesAt) > now && !dismissed.has(id))
      .sort((a, b) => Date.parse(a.closesAt) - Date.parse(b.closesAt))[0];
  }

  function tick() {
    const now = Date.now();
    const drop = pick(now);
    if (drop?.id !== shown?.id) ticket.classList.toggle('ticket--fresh', drop !== undefined);
    shown = drop;
    ticket.hidden = drop === undefined;
    if (drop) show(drop, now);
  }

  function show(drop: WireDrop, now: number) {
    const { off } = drop;
    const wait = Date.parse(drop.opensAt) - now;
    const mine = taken.has(drop.id);
    part('off').textContent =
      off.kind === 'fixed'
        ? formatMoney(off.price, lang).replace(/\.00$/, '')
        : say('drop.percent', { n: lang === 'en' ? off.percent : (100 - off.percent) / 10 });
    part('gives').textContent = drop.gives[lang];
    part('left').textContent = say('drop.left', { left: drop.left, quantity: drop.quantity });
    bar.max = drop.quantity;
    bar.value = drop.left;
    part('clock').textContent = wait > 0 ? '' : formatLeft(Date.parse(drop.closesAt) - now);
    button.disabled = mine || wait > 0 || drop.left === 0;
    button.setAttribute('aria-busy', String(busy));
    button.textContent = mine
      ? say('drop.mine')
      : wait > 0
        ? say('drop.soon', { n: Math.ceil(wait / 1000) })
        : say(drop.left === 0 ? 'drop.gone' : 'drop.take');
    ticket.toggleAttribute('data-mine', mine);
    ticket.toggleAttribute('data-counting', wait > 0 && wait <= 3_000);
  }

  return { look };
}
