import { need } from '../page-data.ts';
import type { DeskDeps } from './draw-desk.ts';

/** The part of the Web Speech API that is used; only some browsers have it, under a name of their own. */
interface Hearing extends EventTarget {
  lang: string;
  continuous: boolean;
  start(): void;
  stop(): void;
}

interface HeardEvent extends Event {
  resultIndex: number;
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
}

const LONGEST = 120;

/** What the host says, for the subtitles: typed, or heard by the host's own browser where it can. */
export function startCaptionDesk({ line: { socket }, liveId, lang, say, tell }: DeskDeps) {
  const desk = document.querySelector<HTMLElement>('[data-caption-desk]');
  if (!desk) return;
  const form = need<HTMLFormElement>('[data-caption-form]', desk);
  const input = need<HTMLInputElement>('[name="text"]', form);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    send(text);
  });

  function send(text: string) {
    socket.emit('host:caption', { liveId, text: text.slice(0, LONGEST) }, (answer) => {
      if (!answer.ok) tell(answer.error.message);
    });
  }

  const ears = window as unknown as Record<string, (new () => Hearing) | undefined>;
  const Ear = ears['SpeechRecognition'] ?? ears['webkitSpeechRecognition'];
  if (!Ear) return;
  const button = need<HTMLButtonElement>('[data-caption-hear]', desk);
  const ear = new Ear();
  ear.lang = lang;
  ear.continuous = true;
  let on = false;
  button.hidden = false;
  button.addEventListener('click', () => {
    on = !on;
    button.setAttribute('aria-pressed', String(on));
    if (on) ear.start();
    else ear.stop();
  });
  ear.addEventListener('result', (event) => {
    const { results, resultIndex } = event as HeardEvent;
    for (let index = resultIndex; index < results.length; index += 1) {
      const heard = results[index]!;
      const text = heard[0]?.transcript.trim() ?? '';
      if (heard.isFinal && text !== '') send(text);
    }
  });
  // It stops by itself after a silence.
  ear.addEventListener('end', () => on && ear.start());
  ear.addEventListener('error', (event) => {
    const { error } = event as Event & { error?: string };
    if (error === 'no-speech') return;
    on = false;
    button.setAttribute('aria-pressed', 'false');
    tell(say('hearFailed'));
  });
}
