import type { ChatMessage } from '../../../server/live/live.events.ts';

/** Rows over the picture; more would hide what is shown. */
const ROWS = 3;

/** A row is free again when the last word of what flies there has come in. */
const GAP_PX = 40;

/** More than this at once are not read by anybody. */
const MOST_WAITING = 8;

/** What is said flies over the picture, for those who like it. */
export function startDanmaku(layer: HTMLElement, isOn: () => boolean) {
  const rows: (HTMLElement | undefined)[] = Array.from({ length: ROWS });
  const waiting: ChatMessage[] = [];
  const still = matchMedia('(prefers-reduced-motion: reduce)');

  function freeRow(): number {
    const edge = layer.getBoundingClientRect().right - GAP_PX;
    return rows.findIndex((last) => !last?.isConnected || last.getBoundingClientRect().right < edge);
  }

  function fly(message: ChatMessage, row: number) {
    const line = document.createElement('span');
    line.className = `danmaku__line danmaku__line--${message.role}`;
    line.textContent = message.text;
    line.style.setProperty('--row', String(row));
    line.addEventListener('animationend', () => {
      line.remove();
      flyNext();
    });
    layer.append(line);
    rows[row] = line;
  }

  function flyNext() {
    while (waiting.length > 0) {
      const row = freeRow();
      if (row < 0) return;
      fly(waiting.shift()!, row);
    }
  }

  const timer = setInterval(flyNext, 400);
  return {
    add(messages: readonly ChatMessage[]) {
      if (!isOn() || still.matches || document.hidden) return;
      waiting.push(...messages);
      if (waiting.length > MOST_WAITING) waiting.splice(0, waiting.length - MOST_WAITING);
      flyNext();
    },
    clear() {
      waiting.length = 0;
      layer.replaceChildren();
    },
    stop: () => clearInterval(timer),
  };
}
