import type { DeskState, WireAnswer, WireReport } from '../../../server/live/console.events.ts';
import type { ChatMessage, LiveSnapshot, RailItem } from '../../../server/live/live.events.ts';
import type { Line } from '../connection.ts';
import { need, type Speak } from '../page-data.ts';

interface Deps {
  line: Line;
  liveId: string;
  say: Speak;
  tell: (text: string) => void;
  rail: ReadonlyMap<string, RailItem>;
  /** Takes deleted messages from the screen. */
  forget: (ids: readonly string[]) => void;
}

/** What the house says above the chat, the rules of the chat, and reporting what somebody else says. */
export function startHouse({ line, liveId, say, tell, rail, forget }: Deps) {
  const { socket, on } = line;
  const place = need('[data-room-answer]');
  const input = document.querySelector<HTMLInputElement>('[data-say] [name="text"]');
  const usual = input?.placeholder ?? '';
  const sheet = need<HTMLDialogElement>('[data-report-sheet]');
  let reported: ChatMessage | undefined;

  function showAnswer(answer: WireAnswer | null) {
    place.hidden = answer === null;
    if (!answer) return;
    need('[data-room-question]', place).textContent = answer.question
      ? `${answer.asker ?? ''} ${answer.question}`.trim()
      : '';
    need('[data-room-text]', place).textContent = answer.text;
  }

  function showRules({ slowSeconds, audience }: Pick<DeskState['rules'], 'slowSeconds' | 'audience'>) {
    if (!input) return;
    const rules = [
      ...(audience === 'everyone' ? [] : [say(`audience.${audience}`)]),
      ...(slowSeconds > 0 ? [say('house.slow', { n: slowSeconds })] : []),
    ];
    input.placeholder = rules.length > 0 ? rules.join(' · ') : usual;
  }

  on('answer:pinned', (news) => news.liveId === liveId && showAnswer(news.answer));
  on('answer:unpinned', (news) => news.liveId === liveId && showAnswer(null));
  on('chat:rules', (news) => news.liveId === liveId && showRules(news));
  on('chat:removed', (news) => news.liveId === liveId && forget(news.ids));
  on('callout:made', (news) => {
    const item = rail.get(news.sku);
    if (news.liveId === liveId && item) tell(say('house.callout', { product: item.name, n: news.left }));
  });

  for (const button of sheet.querySelectorAll<HTMLButtonElement>('[data-reason]')) {
    button.addEventListener('click', async () => {
      if (!reported) return;
      const reason = button.dataset['reason'] as WireReport['reason'];
      sheet.close();
      try {
        const answer = await socket
          .timeout(5_000)
          .emitWithAck('chat:report', { liveId, messageId: reported.id, reason });
        tell(answer.ok ? say('house.reported') : answer.error.message);
      } catch {
        tell(say('reconnecting'));
      }
    });
  }

  const asks = document.querySelector<HTMLButtonElement>('[data-ask]');
  asks?.addEventListener('click', () => {
    asks.setAttribute('aria-pressed', String(asks.getAttribute('aria-pressed') !== 'true'));
    input?.focus();
  });

  return {
    /** The next words are a question, whatever they look like; then it is over. */
    asking(): { question?: true } {
      if (asks?.getAttribute('aria-pressed') !== 'true') return {};
      asks.setAttribute('aria-pressed', 'false');
      return { question: true };
    },
    arrived(live: LiveSnapshot) {
      showAnswer(live.answer);
      showRules(live.chatRules);
    },
    /** A tap on somebody's words. */
    open(message: ChatMessage) {
      if (message.role !== 'viewer') return;
      reported = message;
      need('[data-report-text]', sheet).textContent = `${message.name}: ${message.text}`;
      sheet.showModal();
    },
  };
}
