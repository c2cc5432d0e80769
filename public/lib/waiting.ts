import type { Line, ShopSocket } from './connection.ts';
import { need, type Speak } from './page-data.ts';

interface Deps {
  socket: ShopSocket;
  on: Line['on'];
  liveId: string;
  say: Speak;
  tell: (text: string) => void;
}

/** The line for what has run out: joining and leaving it, and being called when it is one's turn. */
export function startWaiting({ socket, on, liveId, say, tell }: Deps) {
  // The shelf may change on air: buttons come and go.
  const buttons = () => document.querySelectorAll<HTMLButtonElement>('[data-wait]');
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-wait]');
    if (button) void turn(button);
  });
  const call = need<HTMLAnchorElement>('[data-wait-call]');
  on('wait:offered', ({ sku, payUrl }) => {
    call.href = payUrl;
    call.textContent = say('waitOffered');
    call.hidden = false;
    for (const button of buttons()) if (button.dataset['wait'] === sku) show(button, false);
  });
  // A thousand viewers come at once, and hardly one of them waits: only who has waited here before asks.
  if (hasWaited()) {
    look().catch(() => {
      // The shop is restarting: a tap tells where one stands.
    });
  }

  async function look() {
    const answer = await fetch('/api/waits', { headers: { Accept: 'application/json' } });
    if (!answer.ok) return;
    const { items } = (await answer.json()) as { items: { sku: string; standing: string }[] };
    const own = new Set(items.flatMap(({ sku, standing }) => (standing === 'waiting' ? [sku] : [])));
    for (const button of buttons()) show(button, own.has(button.dataset['wait'] ?? ''));
  }

  async function turn(button: HTMLButtonElement) {
    const sku = button.dataset['wait'] ?? '';
    const isIn = button.getAttribute('aria-pressed') === 'true';
    button.setAttribute('aria-busy', 'true');
    try {
      if (isIn) {
        const answer = await socket.timeout(5_000).emitWithAck('wait:leave', { sku });
        if (answer.ok) show(button, false);
        tell(answer.ok ? say('waitLeft') : answer.error.message);
      } else {
        const answer = await socket.timeout(5_000).emitWithAck('wait:join', { sku, liveId });
        if (answer.ok) {
          show(button, true);
          rememberWaiting();
        }
        tell(answer.ok ? say('waitJoined', { place: answer.ahead + 1 }) : refusal(answer.error));
      }
    } catch {
      tell(say('reconnecting'));
    }
    button.removeAttribute('aria-busy');
  }

  function show(button: HTMLButtonElement, isIn: boolean) {
    button.setAttribute('aria-pressed', String(isIn));
    button.textContent = say(isIn ? 'waitLeave' : 'waitJoin');
  }
}

/** What exactly stands in the way says more than that something does. */
function refusal({ message, fields }: { message: string; fields?: Record<string, string> }): string {
  return fields?.['sku'] ?? message;
}

const KEPT = 'has-waited';

function hasWaited(): boolean {
  try {
    return localStorage.getItem(KEPT) !== null;
  } catch {
    return false; // A browser that keeps nothing: joining again keeps one's place.
  }
}

function rememberWaiting() {
  try {
    localStorage.setItem(KEPT, '1');
  } catch {
    // See above.
  }
}
