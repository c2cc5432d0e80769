/** The scanning table: a scanner that types, a camera, and a sound that tells right from wrong without looking. */
import { hasCamera, watchForCodes } from './code-camera.ts';

interface TableUnit {
  serial: string;
  spoken: string;
  parcel: string | null;
  loose: boolean;
}

interface Table {
  lines: { index: number; scanned: number; wanted: number; complete: boolean; units: TableUnit[] }[];
  scanned: number;
  total: number;
}

interface Answer {
  ok?: boolean;
  text?: string;
  error?: { message: string };
  table?: Table;
}

export function startScanning(root: HTMLElement) {
  const part = <T extends HTMLElement>(name: string) => root.querySelector<T>(`[data-scan-${name}]`)!;
  const form = part<HTMLFormElement>('form');
  const input = part<HTMLInputElement>('input');
  const said = part('said');
  const base = root.dataset['scanning']!;
  const coop = root.dataset['coop']!;
  const sound = createSound();
  /** One after the other: a scanner may be quicker than the line. */
  let queue: Promise<void> = Promise.resolve();

  function tell(ok: boolean, text: string) {
    said.textContent = text;
    said.classList.toggle('scan-said--good', ok);
    said.classList.toggle('scan-said--wrong', !ok);
    sound(ok);
    navigator.vibrate?.(ok ? 60 : [120, 80, 120]);
  }

  async function send(path: string, fields: Record<string, string>): Promise<Answer> {
    const answer = await fetch(base + path, {
      method: 'POST',
      headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
      body: JSON.stringify({ coop, ...fields }),
    });
    return (await answer.json()) as Answer;
  }

  function take(code: string): Promise<void> {
    queue = queue.then(async () => {
      try {
        const answer = await send('', { code });
        if (answer.table) draw(answer.table);
        tell(answer.ok ?? false, answer.text ?? answer.error?.message ?? said.dataset['failed']!);
      } catch {
        tell(false, said.dataset['failed']!);
      }
    });
    return queue;
  }

  async function undo(serial: string) {
    const answer = await send('/undo', { serial });
    if (answer.table) draw(answer.table);
    else tell(false, answer.error?.message ?? said.dataset['failed']!);
  }

  function draw(table: Table) {
    part('count').textContent = `${table.scanned} / ${table.total}`;
    for (const line of table.lines) {
      const row = root.querySelector<HTMLElement>(`[data-line="${line.index}"]`);
      if (!row) continue;
      row.classList.toggle('scan-line--complete', line.complete);
      row.querySelector('[data-scan-line-count]')!.textContent = `${line.scanned}/${line.wanted}`;
      row.querySelector('.scan-units')!.replaceChildren(...line.units.map(drawUnit));
    }
  }

  function drawUnit({ serial, spoken, parcel, loose }: TableUnit): HTMLElement {
    const words = part('lines').dataset;
    const item = element('li', 'scan-unit');
    item.append(element('span', 'numeric', spoken));
    if (loose) {
      const button = element('button', 'button button--quiet button--small', words['undo']);
      button.addEventListener('click', () => {
        undo(serial).catch(() => tell(false, said.dataset['failed']!));
        focus();
      });
      item.append(button);
    } else {
      item.append(element('span', 'scan-unit__box', `${words['boxed'] ?? ''} ${parcel ?? ''}`));
    }
    return item;
  }

  function focus() {
    // On a phone the field would call the keyboard up at every scan.
    if (matchMedia('(pointer: fine)').matches) input.focus();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const code = input.value.trim();
    input.value = '';
    if (code !== '') void take(code);
    focus();
  });
  // A scanner types wherever it is; what it types belongs in the field.
  document.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement | null;
    const typing = target?.matches('input, textarea, select, [contenteditable]') ?? false;
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
    input.focus();
  });
  root.addEventListener('submit', (event) => {
    const target = event.target as HTMLFormElement;
    if (!target.matches('[data-scan-undo]')) return;
    event.preventDefault();
    const serial = new FormData(target).get('serial');
    if (typeof serial === 'string') undo(serial).catch(() => tell(false, said.dataset['failed']!));
    focus();
  });
  startCamera(part, take, (text) => tell(false, text));
  focus();
}

function startCamera(
  part: <T extends HTMLElement>(name: string) => T,
  take: (code: string) => Promise<void>,
  refuse: (text: string) => void,
) {
  const button = part<HTMLButtonElement>('camera');
  const words = part('camera-text');
  const view = part('view');
  const video = part<HTMLVideoElement>('video');
  const startText = words.textContent ?? '';
  let close: (() => void) | undefined;
  if (!hasCamera()) return;
  button.hidden = false;

  function stop() {
    close?.();
    close = undefined;
    view.hidden = true;
    words.textContent = startText;
  }

  async function start() {
    view.hidden = false;
    words.textContent = button.dataset['stop'] ?? '';
    button.disabled = true;
    try {
      close = await watchForCodes(video, take);
    } finally {
      button.disabled = false;
    }
  }

  button.addEventListener('click', () => {
    if (close) return stop();
    start().catch(() => {
      stop();
      refuse(button.dataset['denied'] ?? '');
    });
  });
  addEventListener('pagehide', stop);
}

/** A high note for right, two low ones for wrong. */
function createSound(): (ok: boolean) => void {
  let context: AudioContext | undefined;
  return (ok) => {
    try {
      context ??= new AudioContext();
      const notes = ok ? [1320] : [220, 196];
      for (const [index, frequency] of notes.entries()) {
        const at = context.currentTime + index * 0.16;
        const tone = context.createOscillator();
        const volume = context.createGain();
        tone.frequency.value = frequency;
        tone.type = ok ? 'sine' : 'square';
        volume.gain.setValueAtTime(0.12, at);
        volume.gain.exponentialRampToValueAtTime(0.001, at + 0.14);
        tone.connect(volume).connect(context.destination);
        tone.start(at);
        tone.stop(at + 0.15);
      }
    } catch {
      // Without sound the words and the colour are there still.
    }
  };
}

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  text?: string,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  if (made instanceof HTMLButtonElement) made.type = 'button';
  return made;
}
