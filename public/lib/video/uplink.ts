import {
  CLOSE,
  KIND,
  PACKET_HEAD,
  PUBLISH_PATH,
  type FromPublisher,
  type ToPublisher,
} from '../../../server/video/watch.events.ts';
import type { Encoded } from './encode.ts';

export type UplinkState = 'connecting' | 'open' | 'lost' | 'taken' | 'over';

export interface Heard {
  viewers: number;
  recording: boolean;
  /** Seconds of what was encoded that have not arrived. */
  behind: number;
  bitsPerSecond: number;
}

interface Hooks {
  state(state: UplinkState): void;
  heard(heard: Heard): void;
  key(): void;
}

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 4_000;
/** Beyond this a picture is not sent any more: it would arrive when nobody wants it. */
const FULL_SECONDS = 2;
const WINDOW_MS = 3_000;
/**
 * How long a slow machine's first picture, and the sound's encoder that has to be fetched, are waited for: nobody
 * wants a live that begins as a voice in the dark, and a recording whose tracks change cannot be played everywhere.
 */
const WHOLE_WAIT_MS = 8_000;

/** A host's line to the bus. It comes back by itself; what it cannot carry is left out up to the next key frame. */
export function openUplink(live: string, hooks: Hooks, hasSound: boolean) {
  let socket: WebSocket | undefined;
  let tracks: FromPublisher = { type: 'tracks' };
  let retryMs = FIRST_RETRY_MS;
  let stopped = false;
  let sent = 0;
  let heard = 0;
  let behind = 0;
  let left = 0;
  const skipping = { video: true, low: true };
  const began = performance.now();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let marks: { at: number; sent: number }[] = [];

  function open() {
    if (stopped) return;
    hooks.state('connecting');
    const protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const line = new WebSocket(`${protocol}//${location.host}${PUBLISH_PATH}${live}`);
    socket = line;
    line.binaryType = 'arraybuffer';
    line.addEventListener('open', () => {
      [sent, heard, behind, marks] = [0, 0, 0, []];
      skipping.video = true;
      skipping.low = true;
      tell();
      hooks.state('open');
      hooks.key();
    });
    line.addEventListener('message', ({ data }: MessageEvent<string>) =>
      hear(JSON.parse(data) as ToPublisher),
    );
    line.addEventListener('close', ({ code }) => {
      if (line !== socket || stopped) return;
      socket = undefined;
      if (code === CLOSE.taken || code === CLOSE.over) {
        stopped = true;
        return hooks.state(code === CLOSE.taken ? 'taken' : 'over');
      }
      hooks.state('lost');
      setTimeout(open, retryMs * (0.5 + Math.random()));
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
    });
  }

  function hear(message: ToPublisher) {
    if (message.type === 'key') return hooks.key();
    retryMs = FIRST_RETRY_MS;
    heard = message.bytes;
    const now = performance.now();
    marks = [...marks.filter(({ at }) => now - at < WINDOW_MS), { at: now, sent }];
    const { at, sent: before } = marks[0]!;
    const bitsPerSecond = now > at ? ((sent - before) * 8_000) / (now - at) : 0;
    behind = bitsPerSecond > 0 ? ((sent - heard) * 8) / bitsPerSecond : 0;
    hooks.heard({ viewers: message.viewers, recording: message.recording, behind, bitsPerSecond });
  }

  /** Whole sets as far as possible: a player that learns of the sound later must begin anew. */
  function tell() {
    const isWhole = tracks.video && (tracks.audio || !hasSound);
    const left = began + WHOLE_WAIT_MS - performance.now();
    if (!isWhole && left > 0) {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        tell();
        hooks.key();
      }, left);
      return;
    }
    clearTimeout(waiting);
    if (socket?.readyState !== WebSocket.OPEN || !(tracks.video || tracks.audio)) return;
    socket.send(JSON.stringify(tracks));
  }

  function send(track: keyof typeof KIND, { timestampUs, durationUs, key, data }: Encoded) {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (track !== 'audio') {
      const isFull = behind > FULL_SECONDS || socket.bufferedAmount > 1_500_000;
      if (isFull && !skipping[track]) hooks.key();
      skipping[track] = isFull || (skipping[track] && !key);
      if (skipping[track]) return void (left += 1);
    }
    const message = new Uint8Array(PACKET_HEAD + data.length);
    const view = new DataView(message.buffer);
    view.setUint8(0, KIND[track]);
    view.setUint8(1, key ? 1 : 0);
    view.setUint32(2, durationUs);
    view.setFloat64(6, timestampUs);
    message.set(data, PACKET_HEAD);
    socket.send(message);
    sent += message.length;
  }

  open();
  return {
    configure(more: Omit<FromPublisher, 'type'>) {
      tracks = { ...tracks, ...more };
      tell();
    },
    send,
    /** Pictures that the line did not carry. */
    left: () => left,
    stop() {
      stopped = true;
      clearTimeout(waiting);
      socket?.close();
    },
  };
}

export type Uplink = ReturnType<typeof openUplink>;
