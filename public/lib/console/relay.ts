import type { DeskSelf, DeskState } from '../../../server/live/console.events.ts';
import type { Line } from '../connection.ts';
import { need, type Speak } from '../page-data.ts';
import type { Command } from './commands.ts';
import { button, el } from './dom.ts';

interface Deps {
  line: Line;
  liveId: string;
  say: Speak;
  command: Command;
  you: () => DeskSelf;
}

/** Handing the live over: who is on air, to whom it is offered, and taking it. */
export function relay({ line, liveId, say, command, you }: Deps) {
  const socket = line.socket.timeout(5_000);
  const strip = need('[data-handover]');
  const accept = need<HTMLButtonElement>('[data-handover-accept]');
  const cancel = need<HTMLButtonElement>('[data-handover-cancel]');
  const sheet = document.querySelector<HTMLDialogElement>('[data-relay-sheet]');
  let desk: DeskState | undefined;

  document.querySelector('[data-relay-open]')?.addEventListener('click', () => {
    fill();
    sheet?.showModal();
  });
  accept.addEventListener('click', () => {
    const handoverId = desk?.handover?.id;
    if (handoverId === undefined) return;
    void command(accept, () => socket.emitWithAck('host:relay:accept', { liveId, handoverId }), {
      conflict: () => say('console.relayGone'),
    });
  });
  cancel.addEventListener('click', () => {
    const handoverId = desk?.handover?.id;
    if (handoverId === undefined) return;
    void command(cancel, () => socket.emitWithAck('host:relay:cancel', { liveId, handoverId }), {
      conflict: () => say('console.relayGone'),
    });
  });

  function offer(tapped: HTMLButtonElement, to: string | undefined) {
    const input = to === undefined ? { liveId } : { liveId, to };
    void command(tapped, () => socket.emitWithAck('host:relay:offer', input)).then((done) => {
      if (done) sheet?.close();
    });
  }

  function fill() {
    const list = document.querySelector('[data-relay-list]');
    if (!list || !desk) return;
    const { acting, crew } = desk;
    const able = crew.filter(({ id, rights }) => rights.includes('relay') && id !== acting.member);
    const rows = able.map(({ id, name }) => ({ to: id, name }));
    if (acting.member !== 'owner') rows.unshift({ to: 'owner', name: say('console.relayOwner') });
    const lines = rows.map(({ to, name }) =>
      el(
        'li',
        'queue__item',
        el('span', 'queue__text', name),
        button(say('console.relayOffer'), 'button--primary', (tapped) => offer(tapped, to)),
      ),
    );
    list.replaceChildren(
      ...(lines.length > 0 ? lines : [el('li', 'console__empty', say('console.relayNobody'))]),
      ...(able.length > 1
        ? [
            el(
              'li',
              'queue__item',
              el('span', 'queue__text', say('console.relayAnybody')),
              button(say('console.relayOffer'), 'button--secondary', (tapped) => offer(tapped, undefined)),
            ),
          ]
        : []),
    );
  }

  return {
    show(news: DeskState) {
      desk = news;
      const { acting, handover } = news;
      const self = you();
      need('[data-acting]').textContent = acting.name;
      strip.hidden = handover === null;
      if (!handover) return;
      const mine =
        acting.member !== self.member &&
        self.rights.includes('relay') &&
        self.member !== 'admin' &&
        (handover.to === null || handover.to === self.member);
      accept.hidden = !mine;
      cancel.hidden = !self.runs;
      need('[data-handover-text]').textContent = mine
        ? say('console.relayForYou', { who: handover.byName })
        : say('console.relayWaiting', { who: handover.toName ?? say('console.relayAnybody') });
    },
  };
}
