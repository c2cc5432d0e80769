import type { WireMessage } from '../../../server/live/console.events.ts';
import type { Line } from '../connection.ts';
import { need, type Speak } from '../page-data.ts';
import type { Command } from './commands.ts';

interface Deps {
  line: Line;
  liveId: string;
  say: Speak;
  command: Command;
  ask: (message: WireMessage) => void;
}

const MUTE_MINUTES = 10;

type Shown = Pick<WireMessage, 'id' | 'name' | 'text' | 'at'> & Partial<WireMessage>;

/** What can be done about one message, and about whoever sent it. */
export function messageSheet({ line, liveId, say, command, ask }: Deps) {
  const sheet = need<HTMLDialogElement>('[data-message-sheet]');
  const socket = line.socket.timeout(5_000);
  const why = sheet.querySelector<HTMLInputElement>('[data-message-why]');
  let message: Shown | undefined;

  const acts = {
    answer: (about: Shown) => ask({ role: 'viewer', ...about }),
    settle: (about: Shown, button: HTMLElement) =>
      command(button, () => socket.emitWithAck('host:question:done', { liveId, messageId: about.id }), {
        conflict: () => say('console.questionTaken'),
      }),
    delete: (about: Shown, button: HTMLElement) =>
      command(button, () =>
        socket.emitWithAck('mod:delete', { liveId, messageId: about.id, why: why?.value ?? '' }),
      ),
    mute: (about: Shown, button: HTMLElement) =>
      sanction(about, button, { kind: 'mute', minutes: MUTE_MINUTES }),
    ban: (about: Shown, button: HTMLElement) => sanction(about, button, { kind: 'ban' }),
  };

  function sanction(about: Shown, button: HTMLElement, what: { kind: 'mute' | 'ban'; minutes?: number }) {
    const input = { liveId, messageId: about.id, why: why?.value ?? '', ...what };
    return command(button, () => socket.emitWithAck('mod:sanction', input), {
      forbidden: () => say('console.sanctionHouse'),
    });
  }

  for (const button of sheet.querySelectorAll<HTMLButtonElement>('[data-do]')) {
    button.addEventListener('click', async () => {
      if (!message) return;
      await acts[button.dataset['do'] as keyof typeof acts](message, button);
      sheet.close();
    });
  }

  return {
    open(shown: Shown) {
      message = shown;
      need('[data-message-name]', sheet).textContent = shown.name;
      need('[data-message-text]', sheet).textContent = shown.text;
      if (why) why.value = '';
      // Nothing to be done by this assistant: the sheet would be an empty box.
      if (sheet.querySelector('[data-do]')) sheet.showModal();
    },
  };
}
