import type {
  DeskArrival,
  DeskState,
  HiddenMessage,
  WireAct,
  WireMessage,
  WireReport,
  WireSanction,
} from '../../../server/live/console.events.ts';
import type { Lang } from '../../../server/platform/lang.ts';
import type { Line } from '../connection.ts';
import { beijingTime } from '../time.ts';
import { need, type Speak } from '../page-data.ts';
import type { Command } from './commands.ts';
import { button, el } from './dom.ts';
import { messageSheet } from './message-sheet.ts';

interface Deps {
  line: Line;
  liveId: string;
  lang: Lang;
  say: Speak;
  command: Command;
  /** A question has come. */
  nudge: () => void;
  forget: (ids: readonly string[]) => void;
}

const QUESTIONS_KEPT = 60;

/** Everything beside the chat itself: questions gathered, the answer above, what waits for a moderator. */
export function talk(deps: Deps) {
  const { line, liveId, lang, say, command } = deps;
  const socket = line.socket.timeout(5_000);
  const root = need('[data-talk]');
  const questions = new Map<string, WireMessage>();
  let held: HiddenMessage[] = [];
  let reports: WireReport[] = [];
  let answer: DeskState['answer'] = null;
  const sheet = messageSheet({ ...deps, ask });
  startTabs(root);

  /** The question that the next words answer. */
  let asked: WireMessage | undefined;
  const askedLine = need('[data-asked]', root);
  need('[data-asked-cancel]', root).addEventListener('click', () => ask(undefined));

  function ask(message: WireMessage | undefined) {
    asked = message;
    askedLine.hidden = !message;
    need('[data-asked-text]', root).textContent = message
      ? say('console.answering', { name: message.name, text: message.text })
      : '';
    if (message) need<HTMLInputElement>('#say').focus();
  }

  const pinAnswer = root.querySelector<HTMLButtonElement>('[data-pin-answer]');
  pinAnswer?.addEventListener('click', () => {
    const input = need<HTMLInputElement>('#say');
    const text = input.value.trim();
    if (text === '') return;
    const about = asked ? { messageId: asked.id } : {};
    void command(pinAnswer, () => socket.emitWithAck('host:answer', { liveId, text, ...about })).then(
      (done) => {
        if (!done) return;
        input.value = '';
        ask(undefined);
      },
    );
  });
  const remove = root.querySelector<HTMLButtonElement>('[data-answer-remove]');
  remove?.addEventListener('click', () => {
    const answerId = answer?.id;
    if (answerId !== undefined) {
      void command(remove, () => socket.emitWithAck('host:answer:remove', { liveId, answerId }));
    }
  });

  function count(name: string, n: number) {
    const place = root.querySelector(`[data-count="${name}"]`);
    if (place) place.textContent = n > 0 ? String(n) : '';
  }

  function row(message: { name: string; text: string; at: string }, note: string, ...acts: Node[]) {
    const time = beijingTime(message.at, lang, { seconds: true });
    return el(
      'li',
      'queue__item',
      el(
        'div',
        'queue__what',
        el('p', 'queue__text', message.text),
        el('p', 'queue__who', [message.name, time, note].filter(Boolean).join(' · ')),
      ),
      el('div', 'queue__acts', ...acts),
    );
  }

  function fill(pane: string, rows: HTMLElement[], empty: string) {
    const list = root.querySelector(`[data-pane="${pane}"]`);
    list?.replaceChildren(...(rows.length > 0 ? rows : [el('li', 'console__empty', empty)]));
    count(pane, rows.length);
  }

  function showQuestions() {
    const rows = [...questions.values()].map((message) =>
      row(
        message,
        '',
        button(say('console.answer'), 'button--secondary', () => ask(message)),
        button(say('console.settle'), 'button--quiet', (tapped) => settle(tapped, message.id)),
      ),
    );
    fill('questions', rows, say('console.questionsNone'));
  }

  function settle(tapped: HTMLButtonElement, messageId: string) {
    void command(tapped, () => socket.emitWithAck('host:question:done', { liveId, messageId }), {
      conflict: () => say('console.questionTaken'),
    });
  }

  function showQueues() {
    fill(
      'held',
      held.map((message) =>
        row(
          message,
          say('console.heldFor', { word: message.why }),
          button(say('console.approve'), 'button--secondary', (tapped) => {
            void command(tapped, () => socket.emitWithAck('mod:restore', { liveId, messageId: message.id }));
          }),
          button(say('console.reject'), 'button--quiet', (tapped) => {
            void command(tapped, () => socket.emitWithAck('mod:delete', { liveId, messageId: message.id }));
          }),
        ),
      ),
      say('console.heldNone'),
    );
    fill(
      'reports',
      reports.map((report) =>
        row(
          report,
          say(`reason.${report.reason}`),
          button(say('console.look'), 'button--secondary', () =>
            sheet.open({ ...report, id: report.messageId }),
          ),
          ...(['upheld', 'dismissed'] as const).map((state) =>
            button(say(`reportAs.${state}`), 'button--quiet', (tapped) => {
              const decision = { liveId, reportId: report.id, state };
              void command(tapped, () => socket.emitWithAck('mod:decide', decision));
            }),
          ),
        ),
      ),
      say('console.reportsNone'),
    );
  }

  function showSanctions(list: readonly WireSanction[]) {
    const place = root.querySelector('[data-sanctions]');
    const rows = list
      .filter(({ lifted, until }) => !lifted && (until === null || Date.parse(until) > Date.now()))
      .map((one) =>
        row(
          { name: one.name, text: say(`sanction.${one.kind}`), at: one.at },
          one.why,
          button(say('console.lift'), 'button--secondary', (tapped) => {
            void command(tapped, () => socket.emitWithAck('mod:lift', { liveId, sanctionId: one.id }));
          }),
        ),
      );
    place?.replaceChildren(
      ...(rows.length > 0 ? rows : [el('li', 'console__empty', say('console.sanctionsNone'))]),
    );
  }

  const rules = root.querySelector<HTMLFormElement>('[data-rules]');
  rules?.addEventListener('submit', (event) => {
    event.preventDefault();
    const field = (name: string) => need<HTMLInputElement>(`[name="${name}"]`, rules);
    const command_ = {
      liveId,
      slowSeconds: field('slowSeconds').valueAsNumber,
      audience: field('audience').value as DeskState['rules']['audience'],
      words: readWords(field('words').value),
    };
    void command(need('button', rules), () => socket.emitWithAck('mod:rules', command_)).then((done) => {
      if (done) told(say('console.saved'));
    });
  });

  function told(text: string) {
    need('[data-acted]', root).textContent = text;
  }

  function queues(news: { held: HiddenMessage[]; reports: WireReport[]; sanctions: WireSanction[] }) {
    held = news.held;
    reports = news.reports;
    showQueues();
    showSanctions(news.sanctions);
  }

  line.on('chat:removed', (news) => {
    if (news.liveId !== liveId) return;
    deps.forget(news.ids);
    for (const id of news.ids) questions.delete(id);
    showQuestions();
  });
  line.on('console:question', (news) => {
    if (news.liveId !== liveId || !questions.delete(news.messageId)) return;
    if (asked?.id === news.messageId) ask(undefined);
    showQuestions();
  });
  line.on('mod:held', (news) => {
    if (news.liveId !== liveId || held.some(({ id }) => id === news.message.id)) return;
    held = [news.message, ...held];
    showQueues();
  });
  line.on('mod:reported', (news) => {
    if (news.liveId !== liveId) return;
    reports = [news.report, ...reports];
    showQueues();
  });
  line.on('mod:changed', (news) => news.liveId === liveId && queues(news));
  line.on('console:acted', (news) => {
    if (news.liveId === liveId) told(actText(news.act, say));
  });

  return {
    arrive(arrival: DeskArrival) {
      questions.clear();
      for (const message of arrival.questions) questions.set(message.id, message);
      showQuestions();
      queues(arrival);
    },
    show(desk: DeskState) {
      answer = desk.answer;
      need('[data-answer]', root).hidden = answer === null;
      need('[data-answer-text]', root).textContent = answer?.text ?? '';
      // Whoever is typing in the form goes on with what they have.
      if (rules && !rules.contains(document.activeElement)) fillRules(rules, desk.rules);
    },
    heard(messages: readonly WireMessage[]) {
      for (const message of messages) {
        if (!message.question || message.role !== 'viewer') continue;
        questions.set(message.id, message);
        if (questions.size > QUESTIONS_KEPT) questions.delete([...questions.keys()][0]!);
        deps.nudge();
      }
      showQuestions();
    },
    open: sheet.open,
  };
}

function startTabs(root: HTMLElement) {
  const tabs = [...root.querySelectorAll<HTMLButtonElement>('[data-tab]')];
  for (const tab of tabs) {
    tab.addEventListener('click', () => {
      for (const other of tabs) other.setAttribute('aria-pressed', String(other === tab));
      for (const pane of root.querySelectorAll<HTMLElement>('[data-pane]')) {
        pane.hidden = pane.dataset['pane'] !== tab.dataset['tab'];
      }
    });
  }
}

function fillRules(form: HTMLFormElement, rules: DeskState['rules']) {
  const field = (name: string) => need<HTMLInputElement>(`[name="${name}"]`, form);
  field('slowSeconds').value = String(rules.slowSeconds);
  field('audience').value = rules.audience;
  field('words').value = rules.words
    .map(({ text, verdict }) => (verdict === 'refuse' ? `!${text}` : text))
    .join('\n');
}

/** One word in each line; a leading `!` refuses it, the others are held. */
function readWords(text: string): DeskState['rules']['words'] {
  const lines = [...new Set(text.split('\n').map((one) => one.trim()))].filter(Boolean);
  return lines.map((one) => ({
    text: one.replace(/^[!！]\s*/, '').slice(0, 40),
    verdict: /^[!！]/.test(one) ? 'refuse' : 'hold',
  }));
}

function actText({ who, act, about }: WireAct, say: Speak): string {
  return [who, say(`act.${act}`), about].filter(Boolean).join(' · ');
}
