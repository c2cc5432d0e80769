import type { ChatMessage } from '../../server/live/live.events.ts';
import type { Speak } from './page-data.ts';

const KEPT = 120;

/** The lines of a chat: only text nodes, whatever somebody types. */
export function chatList(list: HTMLElement, say: Speak, open?: (message: ChatMessage) => void) {
  const shown = new Set<string>();

  function lineOf(message: ChatMessage): HTMLElement {
    const line = document.createElement('p');
    line.className = `talk__line talk__line--${message.role}`;
    line.dataset['message'] = message.id;
    line.toggleAttribute('data-question', message.question === true);
    if (open) openOnTap(line, () => open(message));
    if (message.role !== 'viewer') line.append(span('talk__role', say(message.role)));
    line.append(span('talk__name', message.name), span('talk__text', message.text));
    return line;
  }

  /** Nobody has scrolled up to read: the newest line is to be seen. */
  let follows = true;
  const toEnd = () => (list.scrollTop = list.scrollHeight);
  list.addEventListener('scroll', () => {
    if (list.clientHeight > 0) follows = list.scrollHeight - list.scrollTop - list.clientHeight < 48;
  });
  // It comes out from behind another view, or a keyboard takes half of its height.
  new ResizeObserver(() => follows && toEnd()).observe(list);

  return {
    /** What the server remembers, in place of what is there. */
    reset(messages: ChatMessage[]) {
      shown.clear();
      if (messages.length > 0) list.replaceChildren(...messages.map(lineOf));
      for (const { id } of messages) shown.add(id);
      follows = true;
      toEnd();
    },
    add(messages: ChatMessage[]) {
      list.querySelector('[data-chat-empty]')?.remove();
      for (const message of messages) {
        if (shown.has(message.id)) continue;
        shown.add(message.id);
        const line = lineOf(message);
        line.classList.add('talk__line--new');
        list.append(line);
      }
      while (list.children.length > KEPT) list.firstElementChild?.remove();
      if (follows) toEnd();
    },
    /** Deleted by a moderator. One that comes back is shown again. */
    remove(ids: readonly string[]) {
      for (const id of ids) {
        shown.delete(id);
        list.querySelector(`[data-message="${CSS.escape(id)}"]`)?.remove();
      }
    },
  };
}

/** Something can be done about a line: by tapping it, or with the keyboard. */
function openOnTap(line: HTMLElement, act: () => void) {
  line.tabIndex = 0;
  line.setAttribute('role', 'button');
  line.addEventListener('click', act);
  line.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    act();
  });
}

function span(className: string, text: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}
