import { need } from '../page-data.ts';
import { attachHls } from './hls.ts';

interface Chapter {
  name: string;
  /** Milliseconds from the recording's beginning. */
  fromMs: number;
  sku: string;
  image: string;
}

interface ReplayInfo {
  durationMs: number;
  chapters: Chapter[];
  /** Where the address asks to begin, in ms. */
  startMs: number;
}

interface ChatLine {
  id: string;
  name: string;
  text: string;
  role: string;
  offsetMs: number;
}

const CHAT_WINDOW_MS = 60_000;

interface Deps {
  live: string;
  stage: HTMLElement;
  video: HTMLVideoElement;
  /** There is one: told before it is shown, which waits for the answer. */
  found(): Promise<void>;
}

/** What was kept of a live, with its chapters and what was said at the time. */
export function startReplay({ live, stage, video, found }: Deps): { stop(): void } {
  let stopped = false;
  let attached: { stop(): void } | undefined;

  async function ask(): Promise<ReplayInfo | undefined> {
    const at = new URLSearchParams(location.search).get('at');
    const answer = await fetch(`/api/lives/${live}/replay${at ? `?at=${encodeURIComponent(at)}` : ''}`);
    const info = answer.ok ? ((await answer.json()) as ReplayInfo) : undefined;
    return stopped || info?.durationMs === 0 ? undefined : info;
  }

  async function begin() {
    if (!(await ask())) return;
    await found();
    const info = await ask();
    if (!info) return;
    attached = await attachHls(video, `/video/replay/${live}.m3u8`, { live: false });
    if (stopped) return attached.stop();
    stage.dataset['player'] = 'replay';
    stage.closest('[data-room]')?.setAttribute('data-replay', '');
    video.controls = true;
    video.muted = false;
    // The small player leads back to the second that it had come to.
    const left = Number(/^#t=(\d{1,6})$/.exec(location.hash)?.[1] ?? 0);
    const start = left || info.startMs / 1000;
    if (start > 0) {
      video.addEventListener('loadedmetadata', () => (video.currentTime = start), { once: true });
    }
    video.addEventListener('playing', () => stage.toggleAttribute('data-shown', true), { once: true });
    showChapters(info.chapters, video);
    followChat(live, video);
    void video.play().catch(() => {
      video.muted = true;
      void video.play().catch(() => {});
    });
  }
  void begin();

  return {
    stop() {
      stopped = true;
      attached?.stop();
      video.controls = false;
    },
  };
}

function showChapters(chapters: readonly Chapter[], video: HTMLVideoElement) {
  const list = need('[data-chapters]');
  const buttons = chapters.map(({ name, fromMs, image }) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'chapters__item';
    const picture = new Image(48, 48);
    picture.src = image;
    picture.alt = '';
    const label = document.createElement('span');
    label.className = 'chapters__name';
    label.textContent = name;
    const time = document.createElement('span');
    time.className = 'chapters__time';
    time.textContent = clock(fromMs);
    button.append(picture, label, time);
    button.addEventListener('click', () => {
      video.currentTime = fromMs / 1000;
      void video.play().catch(() => {});
    });
    return button;
  });
  list.replaceChildren(...buttons);
  list.hidden = chapters.length === 0;
  video.addEventListener('timeupdate', () => {
    const current = chapters.findLastIndex(({ fromMs }) => video.currentTime * 1000 >= fromMs - 250);
    buttons.forEach((button, index) => button.toggleAttribute('aria-current', index === current));
  });
}

/** What was said in time with the picture, read a minute at a time. */
function followChat(live: string, video: HTMLVideoElement) {
  const list = document.querySelector<HTMLElement>('[data-chat]');
  if (!list) return;
  list.replaceChildren();
  let window: { from: number; to: number; lines: ChatLine[] } | undefined;
  let loading = false;
  let shownTo = 0;

  async function load(from: number) {
    loading = true;
    try {
      const url = `/api/lives/${live}/replay/chat?from=${from}&to=${from + CHAT_WINDOW_MS}`;
      const answer = await fetch(url).catch(() => undefined);
      const { messages } = answer?.ok
        ? ((await answer.json()) as { messages: ChatLine[] })
        : { messages: [] };
      window = { from, to: from + CHAT_WINDOW_MS, lines: messages };
    } finally {
      loading = false;
    }
  }

  video.addEventListener('timeupdate', () => {
    const now = video.currentTime * 1000;
    if (!window || now < window.from || now >= window.to) {
      if (!loading) void load(Math.floor(now / CHAT_WINDOW_MS) * CHAT_WINDOW_MS);
      return;
    }
    if (now < shownTo - 500) list.replaceChildren();
    const from = now < shownTo - 500 ? window.from : shownTo;
    for (const line of window.lines) {
      if (line.offsetMs <= now && line.offsetMs > from) list.append(lineOf(line));
    }
    shownTo = now;
    while (list.childElementCount > 60) list.firstElementChild?.remove();
    list.scrollTop = list.scrollHeight;
  });
}

function lineOf({ name, text, role }: ChatLine): HTMLElement {
  const line = document.createElement('p');
  line.className = `talk__line talk__line--${role === 'host' || role === 'admin' ? role : 'viewer'}`;
  const who = document.createElement('span');
  who.className = 'talk__name';
  who.textContent = name;
  const what = document.createElement('span');
  what.className = 'talk__text';
  what.textContent = text;
  line.append(who, what);
  return line;
}

/** 1:02:03 or 4:05. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
