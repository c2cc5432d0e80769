import type { Line, ShopSocket } from './connection.ts';
import { need, type Speak } from './page-data.ts';

interface Deps {
  socket: ShopSocket;
  on: Line['on'];
  liveId: string;
  say: Speak;
  tell: (text: string) => void;
}

/** The line for what has run out: joining it, and being called when it is one's turn. */
export function startWaiting({ socket, on, liveId, say, tell }: Deps) {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-wait]');
    if (button) void join(button);
  });
  const call = need<HTMLAnchorElement>('[data-wait-call]');
  on('wait:offered', ({ payUrl }) => {
    call.href = payUrl;
    call.textContent = say('waitOffered');
    call.hidden = false;
  });

  async function join(button: HTMLButtonElement) {
    button.setAttribute('aria-busy', 'true');
    try {
      const answer = await socket
        .timeout(5_000)
        .emitWithAck('wait:join', { sku: button.dataset['wait'] ?? '', liveId });
      tell(answer.ok ? say('waitJoined', { ahead: answer.ahead }) : answer.error.message);
    } catch {
      tell(say('reconnecting'));
    }
    button.removeAttribute('aria-busy');
  }
}
