import type { LiveSnapshot } from '../../server/live/live.events.ts';

/** A crowd that hears of a change asks over this span of time, in ms; the server draws one page for many of them. */
const SPREAD_MS = 1_200;
const AGAIN_MS = 2_000;

/**
 * Keeps what the server has drawn (title, cover, shelf) as it is now. Its own page is the template: it is fetched
 * again, and every part marked `data-redraw="name"` takes the place of the one that is shown.
 *
 * @param drawn how many changes the page was drawn with
 */
export function keepDrawn(drawn: number, taken: (live: LiveSnapshot) => void) {
  let wanted = drawn;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function plan(ms: number) {
    timer ??= setTimeout(() => {
      timer = undefined;
      look()
        .catch(() => {})
        .finally(() => wanted > drawn && plan(AGAIN_MS));
    }, ms);
  }

  async function look() {
    const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const { live } = JSON.parse(fresh.getElementById('room-data')?.textContent ?? '{}') as {
      live?: LiveSnapshot;
    };
    if (!live || live.edits <= drawn) return;
    for (const part of fresh.querySelectorAll<HTMLElement>('[data-redraw]')) {
      document
        .querySelector(`[data-redraw="${part.dataset['redraw'] ?? ''}"]`)
        ?.replaceWith(document.importNode(part, true));
    }
    document.title = fresh.title;
    drawn = live.edits;
    taken(live);
  }

  return {
    /** It has been changed so many times by now. */
    edited(edits: number) {
      wanted = Math.max(wanted, edits);
      if (wanted > drawn) plan(Math.random() * SPREAD_MS);
    },
  };
}
