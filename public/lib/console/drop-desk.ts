import type { WireDrop, WireDropChoice } from '../../../server/live/coupon-drops.events.ts';
import { formatLeft } from '../countdown.ts';
import { followDrops } from '../drops.ts';
import { need } from '../page-data.ts';
import type { DeskDeps } from './draw-desk.ts';

/** Seconds in which people look up before it falls. */
const COUNTDOWN_SECONDS = 5;

/** The host's side of coupons that fall: which, how many, how long, and what is left of those that do. */
export function startDropDesk({ line, liveId, lang, say, tell }: DeskDeps) {
  const { socket } = line;
  const desk = document.querySelector<HTMLElement>('[data-drop-desk]');
  if (!desk) return { look: async () => {} };
  const form = need<HTMLFormElement>('[data-drop-form]', desk);
  const list = need('[data-drops]', desk);
  const select = need<HTMLSelectElement>('[name="coupon"]', form);
  const { drops, look: lookAtDrops } = followDrops(line, liveId, show);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void open();
  });
  select.addEventListener('change', limit);
  setInterval(show, 1_000);
  // What nobody took can be dropped again.
  line.on('coupon:closed', () => void choices());

  async function look() {
    if (!(await lookAtDrops())) return;
    show();
    await choices();
  }

  async function choices() {
    const answer = await socket
      .timeout(5_000)
      .emitWithAck('host:coupon:choices', { liveId })
      .catch(() => undefined);
    if (!answer?.ok) return;
    const found: WireDropChoice[] = answer.choices;
    const chosen = select.value;
    select.replaceChildren(
      ...found.map(({ code, gives, left }) => {
        const option = new Option(`${gives[lang]} · ${say('left', { n: left })}`, code);
        option.dataset['left'] = String(left);
        return option;
      }),
    );
    if (found.some(({ code }) => code === chosen)) select.value = chosen;
    form.hidden = found.length === 0;
    need('[data-drop-none]', desk!).hidden = found.length > 0;
    limit();
  }

  function limit() {
    const quantity = need<HTMLInputElement>('[name="quantity"]', form);
    const left = Number(select.selectedOptions[0]?.dataset['left'] ?? 2_000);
    quantity.max = String(Math.max(1, Math.min(2_000, left)));
    if (quantity.valueAsNumber > Number(quantity.max)) quantity.value = quantity.max;
  }

  async function open() {
    const number = (name: string) => need<HTMLInputElement>(`[name="${name}"]`, form).valueAsNumber;
    const button = need<HTMLButtonElement>('[type="submit"]', form);
    button.setAttribute('aria-busy', 'true');
    try {
      const answer = await socket.timeout(10_000).emitWithAck('host:coupon:drop', {
        ...{ liveId, coupon: select.value, countdown: COUNTDOWN_SECONDS },
        ...{ quantity: number('quantity'), seconds: number('seconds') },
      });
      if (!answer.ok) tell(answer.error.message);
      await choices();
    } catch {
      tell(say('reconnecting'));
    } finally {
      button.removeAttribute('aria-busy');
    }
  }

  function show() {
    const now = Date.now();
    for (const { id, closesAt } of drops.values()) if (Date.parse(closesAt) <= now) drops.delete(id);
    list.replaceChildren(...[...drops.values()].map(rowOf));
  }

  function rowOf(drop: WireDrop): HTMLElement {
    const row = document.createElement('li');
    const text = document.createElement('span');
    const left = say('drop.left', { left: drop.left, quantity: drop.quantity });
    text.textContent = `${drop.gives[lang]} · ${left} · ${formatLeft(Date.parse(drop.closesAt) - Date.now())}`;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button--quiet button--small';
    button.textContent = say('offerClose');
    button.addEventListener('click', () => {
      socket.emit('host:coupon:close', { liveId, dropId: drop.id }, (answer) => {
        if (!answer.ok) tell(answer.error.message);
      });
    });
    row.append(text, button);
    return row;
  }

  return { look };
}
