import { connect } from './connection.ts';
import { isBeingFilledIn, openFolds, startDesk } from './desk.ts';
import { startSteppers } from './stepper.ts';

const CALM_MS = 700;

/** Pages that wait for something: an order for its next state, a desk for its next order. */
export function startNews() {
  const shown = document.querySelector<HTMLElement>('[data-order-state]');
  const order = shown?.dataset['orderState'];
  const desk = document.querySelector<HTMLElement>('[data-desk]')?.dataset['desk'];
  const socket = connect({
    show: () => {},
    async arrive(line) {
      // It may have moved on between the drawing of this page and the line to the shop.
      if (order && (await stateOf(order)) !== shown?.dataset['orderNow']) return location.reload();
      if (!desk) return;
      const answer = await line.timeout(5_000).emitWithAck('desk:join', { cooperative: desk });
      if (!answer.ok) throw new Error(answer.error.code);
    },
  });
  socket.on('order:updated', ({ code }) => {
    if (code === order) location.reload();
  });

  let timer: ReturnType<typeof setTimeout> | undefined;
  socket.on('desk:changed', () => {
    // Many orders in a second are one look.
    timer ??= setTimeout(() => {
      timer = undefined;
      void lookAgain();
    }, CALM_MS);
  });
}

async function stateOf(code: string): Promise<string> {
  const answer = await fetch(`/api/orders/${code}`, { headers: { Accept: 'application/json' } });
  if (!answer.ok) throw new Error(`order ${code}: ${answer.status}`);
  return ((await answer.json()) as { state: string }).state;
}

/** Puts the page's main part as the server draws it now in place of the old one; the reader stays where they are. */
async function lookAgain() {
  const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('main');
  const main = document.querySelector('main');
  // Somebody is filling in a form: it is not torn away under them.
  if (!fresh || !main || main.contains(document.activeElement?.closest('form') ?? null)) return;
  if (isBeingFilledIn(main)) return;
  const unfold = openFolds(main);
  main.replaceChildren(...fresh.children);
  unfold();
  startSteppers(main);
  startDesk(main);
}
