import type { ChatMessage } from '../../server/live/live.events.ts';
import type { Speak } from './page-data.ts';

const KEPT = 120;

/** The lines of a chat: only text nodes, whatever somebody types. */
export function chatList(list: HTMLElement, say: Speak) {
  const shown = new Set<string>();

  function lineOf(message: ChatMessage): HTMLElement {
    const line = document.createElement('p');
    line.className = `talk__line talk__line--${message.role}`;
    if (message.role !== 'viewer') line.append(span('talk__role', say(message.role)));
    line.append(span('talk__name', message.name), span('talk__text', message.text));
    return line;
  }

  function isAtEnd() {
    return list.scrollHeight - list.scrollTop - list.clientHeight < 48;
  }

  return {
    /** What the server remembers, in place of what is there. */
    reset(messages: ChatMessage[]) {
      shown.clear();
      if (messages.length > 0) list.replaceChildren(...messages.map(lineOf));
      for (const { id } of messages) shown.add(id);
      list.scrollTop = list.scrollHeight;
    },
    add(messages: ChatMessage[]) {
      const follow = isAtEnd();
      list.querySelector('[data-chat-empty]')?.remove();
      for (const message of messages) {
        if (shown.has(message.id)) continue;
        shown.add(message.id);
        const line = lineOf(message);
        line.classList.add('talk__line--new');
        list.append(line);
      }
      while (list.children.length > KEPT) list.firstElementChild?.remove();
      // Somebody who scrolled up is reading: the list stays where it is.
      if (follow) list.scrollTop = list.scrollHeight;
    },
  };
}

function span(className: string, text: string): HTMLSpanElement {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}
