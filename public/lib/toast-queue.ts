const SHOWN_MS = 1_800;
const MOST_WAITING = 6;

/** One short message at a time; when many come, the older ones make room. */
export function toastQueue(element: HTMLElement) {
  const waiting: string[] = [];
  let busy = false;

  function next() {
    const text = waiting.shift();
    busy = text !== undefined;
    element.hidden = !busy;
    if (text === undefined) return;
    element.textContent = text;
    setTimeout(next, SHOWN_MS);
  }

  return {
    add(text: string) {
      waiting.push(text);
      if (waiting.length > MOST_WAITING) waiting.shift();
      if (!busy) next();
    },
  };
}
