import {
  HLS_PATH,
  WATCH_PATH,
  CLOSE,
  type Choice,
  type FromViewer,
  type ToViewer,
  type WireRendition,
} from '../../../server/video/watch.events.ts';
import { chase } from './chase.ts';
import { playHls } from './hls.ts';

/** `moment`: the host's line or ours is gone for now; `over`: nothing comes any more. */
export type PlayerState = 'connecting' | 'playing' | 'moment' | 'over';

export interface PlayerOptions {
  live: string;
  video: HTMLVideoElement;
  show(state: PlayerState, now: { rendition: WireRendition | undefined }): void;
  /** What there is to choose from, and the size of the pictures. */
  offered?(renditions: WireRendition[], size?: { width: number; height: number }): void;
}

export interface Player {
  choose(choice: Choice): void;
  stop(): void;
}

const ACK_MS = 300;
/** Nothing has come for so long: the room says so. */
const QUIET_MS = 2_500;
/**
 * No picture for so long although its bytes come: they come too slowly, and what is on its way is of no use any more.
 * It is given up with its connection, or a second of pictures would take many to arrive.
 */
const STARVED_MS = 3_000;
/** After so long without it, the line counts as wide again. */
const WIDE_AGAIN_MS = 5 * 60_000;
const MOST_NARROW = 8;
const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 5_000;

interface Source {
  new (): MediaSource;
  isTypeSupported(type: string): boolean;
}

/** Safari on phones has only the managed one. */
function mediaSource(): Source | undefined {
  const { ManagedMediaSource, MediaSource: plain } = window as unknown as Record<string, Source | undefined>;
  return ManagedMediaSource ?? plain;
}

/**
 * Plays a live: fragments over a WebSocket into MediaSource where there is one, else low-latency HLS. It comes back by
 * itself, keeps to the live edge, and never asks for more than the line carries.
 */
export function play(options: PlayerOptions): Player {
  const Source = mediaSource();
  return Source?.isTypeSupported('video/mp4; codecs="avc1.42E01F,mp4a.40.2"')
    ? playFragments(options, Source)
    : playHls(options, `${HLS_PATH}${options.live}/index.m3u8`);
}

function playFragments({ live, video, show, offered }: PlayerOptions, Source: Source): Player {
  let socket: WebSocket | undefined;
  let stage: Stage | undefined;
  let choice: Choice = 'auto';
  let rendition: WireRendition | undefined;
  let got = 0;
  let told = 0;
  let heardAt = 0;
  let movedAt = performance.now();
  let narrow = 0;
  let narrowAt = 0;
  let state: PlayerState = 'connecting';
  let retryMs = FIRST_RETRY_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  function enter(next: PlayerState) {
    if (state === next && next !== 'playing') return;
    state = next;
    show(next, { rendition });
  }

  function open() {
    clearTimeout(retry);
    if (stopped) return;
    const protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const line = new WebSocket(
      `${protocol}//${location.host}${WATCH_PATH}${live}?choice=${choice}&narrow=${narrow}`,
    );
    socket = line;
    line.binaryType = 'arraybuffer';
    got = 0;
    told = 0;
    movedAt = performance.now();
    line.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (line !== socket) return;
      if (typeof data === 'string') hear(JSON.parse(data) as ToViewer);
      else take(data);
    });
    line.addEventListener('close', ({ code }) => {
      if (line !== socket || stopped) return;
      socket = undefined;
      if (code === CLOSE.over) return enter('over');
      if (state === 'playing') enter('moment');
      // Moved: its new place is known already. Otherwise a crowd comes back at different times.
      const delay = code === CLOSE.moved ? Math.random() * FIRST_RETRY_MS : retryMs * (0.5 + Math.random());
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
      retry = setTimeout(open, delay);
    });
  }

  function hear(message: ToViewer) {
    if (message.type === 'off') return enter('moment');
    if (message.type === 'offered') return offered?.(message.offered);
    rendition = message.rendition;
    offered?.(message.offered, message);
    if (!stage?.takes(message.mime)) {
      stage?.close();
      stage = createStage(video, Source, message.mime);
    } else stage.change(message.mime);
    show(state, { rendition });
  }

  function take(bytes: ArrayBuffer) {
    got += bytes.byteLength;
    heardAt = performance.now();
    retryMs = FIRST_RETRY_MS;
    stage?.append(bytes);
  }

  /** The decoder has refused what came: all is begun anew. */
  function begin() {
    stage?.close();
    stage = undefined;
    socket?.close();
  }

  /** The smaller one from here on, on a line where nothing is on its way yet. */
  function starve() {
    narrow = Math.min(MOST_NARROW, narrow + 1);
    narrowAt = performance.now();
    const line = socket;
    socket = undefined;
    line?.close();
    stage?.close();
    stage = undefined;
    open();
  }

  const acks = setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN || got === told) return;
    told = got;
    socket.send(JSON.stringify({ type: 'got', bytes: got } satisfies FromViewer));
  }, ACK_MS);

  const follow = chase(video, {
    moved() {
      movedAt = performance.now();
      enter('playing');
    },
    lost: begin,
    isFed: () => performance.now() - heardAt < 1_000,
  });
  const watch = setInterval(() => {
    if (state === 'playing' && performance.now() - heardAt > QUIET_MS) enter('moment');
    if (stage?.broken()) begin();
    const now = performance.now();
    if (now - narrowAt > WIDE_AGAIN_MS) narrow = 0;
    const isFed = now - heardAt < STARVED_MS / 2;
    const isStarved = video.readyState < 3 && now - movedAt > STARVED_MS;
    if (!document.hidden && choice === 'auto' && rendition !== 'sound' && isFed && isStarved) starve();
  }, 500);

  const wake = () => {
    if (document.hidden || stopped) return;
    if (!socket) open();
    void video.play().catch(() => {});
  };
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('online', wake);
  open();

  return {
    choose(next) {
      choice = next;
      if (socket?.readyState === WebSocket.OPEN) {
        socket.send(JSON.stringify({ type: 'choose', choice } satisfies FromViewer));
      }
    },
    stop() {
      stopped = true;
      clearTimeout(retry);
      clearInterval(acks);
      clearInterval(watch);
      follow.stop();
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('online', wake);
      socket?.close();
      stage?.close();
    },
  };
}

type Stage = ReturnType<typeof createStage>;

/** Played media is forgotten after so long, in seconds: phones have little room for it. */
const KEPT_SECONDS = 20;
const MAX_QUEUED = 600;

/** One MediaSource with its one buffer. */
function createStage(video: HTMLVideoElement, Source: Source, firstMime: string) {
  const source = new Source();
  const url = URL.createObjectURL(source);
  const queue: (ArrayBuffer | { mime: string })[] = [];
  let mime = firstMime;
  let buffer: SourceBuffer | undefined;
  let failed = false;
  let closed = false;

  video.disableRemotePlayback = true;
  video.src = url;
  source.addEventListener('sourceopen', () => {
    URL.revokeObjectURL(url);
    if (closed || buffer) return;
    buffer = source.addSourceBuffer(mime);
    buffer.mode = 'segments';
    buffer.addEventListener('updateend', next);
    buffer.addEventListener('error', () => (failed = true));
    next();
    void video.play().catch(() => {});
  });

  function next() {
    if (closed || !buffer || buffer.updating || source.readyState !== 'open') return;
    try {
      const first = buffer.buffered.length > 0 ? buffer.buffered.start(0) : 0;
      if (queue.length > 0 && video.currentTime - first > 2 * KEPT_SECONDS) {
        buffer.remove(0, video.currentTime - KEPT_SECONDS);
        return;
      }
      const item = queue.shift();
      if (!item) return;
      if (item instanceof ArrayBuffer) buffer.appendBuffer(item);
      else {
        buffer.changeType(item.mime);
        next();
      }
    } catch {
      failed = true;
    }
  }

  const kind = (type: string) => type.split('/')[0];
  return {
    /** Pictures with sound and sound alone do not fit into one buffer. */
    takes: (type: string) =>
      !failed && kind(type) === kind(mime) && type.split(',').length === mime.split(',').length,
    change(type: string) {
      if (type === mime) return;
      mime = type;
      queue.push({ mime: type });
      next();
    },
    append(bytes: ArrayBuffer) {
      if (queue.length > MAX_QUEUED) failed = true;
      queue.push(bytes);
      next();
    },
    broken: () => failed || video.error !== null,
    close() {
      closed = true;
      queue.length = 0;
    },
  };
}
