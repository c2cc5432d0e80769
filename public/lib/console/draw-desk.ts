import type { WireDraw } from '../../../server/draws/draws.events.ts';
import type { Lang } from '../../../server/platform/lang.ts';
import type { Line } from '../connection.ts';
import { formatLeft } from '../countdown.ts';
import { need, type Speak } from '../page-data.ts';

export interface DeskDeps {
  line: Line;
  liveId: string;
  lang: Lang;
  say: Speak;
  tell: (text: string) => void;
}

/** More kinds of prizes than this are a shop. */
const MOST_PRIZES = 5;

/** The host's side of a lucky draw: what it is about, who is in, and the moment of closing it. */
export function startDrawDesk({ line: { socket, on }, liveId, lang, say, tell }: DeskDeps) {
  const desk = document.querySelector<HTMLElement>('[data-draw-desk]');
  if (!desk) return { look: async () => {} };
  const form = need<HTMLFormElement>('[data-draw-form]', desk);
  const running = need('[data-draw-running]', desk);
  const kind = need<HTMLSelectElement>('[name="kind"]', form);
  const part = (name: string) => need(`[data-draw-${name}]`, running);
  let draw: WireDraw | undefined;

  kind.addEventListener('change', showFields);
  need('[data-draw-more]', form).addEventListener('click', addPrize);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void open();
  });
  part('close').addEventListener('click', () => void act('host:draw:close'));
  part('cancel').addEventListener('click', () => void act('host:draw:cancel'));
  part('again').addEventListener('click', () => {
    draw = undefined;
    show();
  });
  setInterval(showNow, 1_000);

  on('draw:moved', (news) => {
    if (news.liveId !== liveId) return;
    draw = news.draw.state === 'cancelled' ? undefined : news.draw;
    show();
  });
  on('draw:pulse', (news) => {
    if (news.drawId !== draw?.id) return;
    draw = { ...draw, entrants: news.entrants };
    showNow();
  });

  async function look() {
    const answer = await socket
      .timeout(5_000)
      .emitWithAck('draw:look', { liveId })
      .catch(() => undefined);
    if (!answer?.ok) return;
    const option = need<HTMLOptionElement>('[data-by-purchase]', form);
    option.hidden = !answer.byPurchase;
    option.disabled = !answer.byPurchase;
    // One that is over does not stand in the way of the next.
    draw = answer.draw && answer.draw.state !== 'drawn' ? answer.draw : undefined;
    show();
  }

  function showFields() {
    for (const field of form.querySelectorAll<HTMLElement>('[data-draw-for]')) {
      field.hidden = field.dataset['drawFor'] !== kind.value;
    }
  }

  function addPrize() {
    const prizes = form.querySelectorAll('[data-draw-prize]');
    if (prizes.length >= MOST_PRIZES) return;
    prizes[prizes.length - 1]?.after(prizes[0]!.cloneNode(true));
  }

  function entry(): WireDraw['entry'] {
    if (kind.value === 'watched') {
      return { kind: 'watched', minutes: need<HTMLInputElement>('[name="minutes"]', form).valueAsNumber };
    }
    if (kind.value === 'bought') return { kind: 'bought' };
    return { kind: 'comment', keyword: need<HTMLInputElement>('[name="keyword"]', form).value.trim() };
  }

  async function open() {
    const prizes = [...form.querySelectorAll<HTMLElement>('[data-draw-prize]')].map((row) => ({
      sku: need<HTMLSelectElement>('[name="sku"]', row).value,
      qty: need<HTMLInputElement>('[name="qty"]', row).valueAsNumber,
      winners: need<HTMLInputElement>('[name="winners"]', row).valueAsNumber,
    }));
    const minutes = need<HTMLInputElement>('[name="duration"]', form).valueAsNumber;
    await answered(form.querySelector('[type="submit"]'), () =>
      socket
        .timeout(10_000)
        .emitWithAck('host:draw:open', { liveId, entry: entry(), prizes, seconds: minutes * 60 }),
    );
  }

  async function act(event: 'host:draw:close' | 'host:draw:cancel') {
    const id = draw?.id;
    if (!id) return;
    await answered(part('close'), () => socket.timeout(10_000).emitWithAck(event, { liveId, drawId: id }));
  }

  type Answer = { ok: true; draw: WireDraw } | { ok: false; error: { message: string; fields?: object } };

  async function answered(button: Element | null, ask: () => Promise<Answer>) {
    button?.setAttribute('aria-busy', 'true');
    try {
      const answer = await ask();
      if (answer.ok) {
        draw = answer.draw.state === 'cancelled' ? undefined : answer.draw;
        show();
      } else {
        const [why] = Object.values(answer.error.fields ?? {}) as string[];
        tell(why ?? answer.error.message);
      }
    } catch {
      tell(say('reconnecting'));
    } finally {
      button?.removeAttribute('aria-busy');
    }
  }

  function show() {
    form.hidden = draw !== undefined;
    running.hidden = draw === undefined;
    if (!draw) return;
    const open = draw.state === 'open';
    part('close').hidden = !open;
    part('cancel').hidden = !open;
    part('again').hidden = draw.state !== 'drawn';
    const link = need<HTMLAnchorElement>('[data-draw-link]', running);
    link.hidden = open;
    link.href = draw.check;
    part('seal').textContent = draw.commitment
      ? say('draw.sealed', { seal: draw.commitment.slice(0, 16) })
      : '';
    showNow();
  }

  function showNow() {
    if (!draw) return;
    const count = say('draw.count', { n: draw.entrants });
    const names = draw.prizes.map(({ name, qty, winners }) =>
      say('draw.prize', { name: name[lang], qty, n: winners }),
    );
    const prizes = names.join(say('draw.and'));
    const until = draw.state === 'open' ? draw.closesAt : draw.state === 'committed' ? draw.drawAt : null;
    const clock = until ? formatLeft(Date.parse(until) - Date.now()) : '';
    const winners = draw.winners.map(({ name }) => name || '**').join('、');
    part('now').textContent =
      draw.state === 'drawn' ? say('draw.winners', { names: winners }) : `${prizes} · ${count} ${clock}`;
  }

  return { look };
}
