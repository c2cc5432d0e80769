import { connect, type Socket } from 'node:net';
import { decodeAmf0 } from '../../server/video/encoders/amf.rules.ts';
import { createChunkReader } from '../../server/video/encoders/chunks.rules.ts';
import {
  audioHeader,
  audioTag,
  chunked,
  chunkSize,
  CHUNK,
  command,
  CONNECT,
  CREATE,
  ECHO,
  HELLO,
  prefixed,
  publish,
  unit,
  videoHeader,
  videoTag,
} from './rtmp-bytes.ts';

const HANDSHAKE = 1 + 1536 + 1536;

/** An encoder as a test needs one: says what it is told to, and knows what it was answered. */
export interface RtmpPublisher {
  /** `NetStream.Publish.Start`, or why not. */
  answer: string;
  description: string;
  closed: Promise<void>;
  isClosed(): boolean;
  send(type: 'video' | 'audio', payload: Uint8Array, timestamp?: number): void;
  /** A picture and a sound of every 40 ms from `fromMs` on, a key frame first. */
  play(fromMs: number, toMs: number): void;
  /** Says that it stops, as encoders do. */
  stop(): void;
  /** Gone without a word. */
  drop(): void;
}

/** Connects and publishes. `header` false: without the configurations that come first. */
export async function publishRtmp(port: number, key: string, { header = true } = {}): Promise<RtmpPublisher> {
  const socket = connect(port, '127.0.0.1');
  let closed = false;
  const gone = new Promise<void>((resolve) =>
    socket.once('close', () => {
      closed = true;
      resolve();
    }),
  );
  socket.on('error', () => {});
  const { code, description } = await answerTo(socket, key, gone);
  const send: RtmpPublisher['send'] = (type, payload, timestamp = 0) => {
    const [kind, chunkStream]: [number, number] = type === 'video' ? [9, 6] : [8, 4];
    socket.write(chunked({ type: kind, timestamp, payload, chunkStream }));
  };
  socket.write(chunkSize(CHUNK));
  if (header) {
    send('video', videoHeader);
    send('audio', audioHeader);
  }
  return {
    answer: code,
    description,
    closed: gone,
    isClosed: () => closed,
    send,
    play(fromMs, toMs) {
      for (let ms = fromMs; ms < toMs; ms += 40) {
        const key = (ms - fromMs) % 1000 === 0;
        send('video', videoTag(key, prefixed(unit(key ? 5 : 1, 500))), ms);
        send('audio', audioTag(), ms);
      }
    },
    stop() {
      socket.write(command(['FCUnpublish', 5, null, key]));
      socket.write(command(['deleteStream', 6, null, 1]));
    },
    drop: () => void socket.destroy(),
  };
}

/** What the server says to `publish`; its words end the conversation or begin the pictures. */
async function answerTo(socket: Socket, key: string, gone: Promise<void>) {
  const reader = createChunkReader(10_000);
  let early = Buffer.alloc(0);
  let talking = false;
  const answer = new Promise<{ code: string; description: string }>((resolve) => {
    socket.on('data', (data) => {
      let fresh = data;
      if (!talking) {
        early = Buffer.concat([early, data]);
        if (early.length < HANDSHAKE) return;
        talking = true;
        fresh = early.subarray(HANDSHAKE);
      }
      for (const message of reader.read(fresh).messages) {
        if (message.type !== 20) continue;
        const [name, , , info] = decodeAmf0(message.payload) ?? [];
        if (name !== 'onStatus' || !(info instanceof Map)) continue;
        const [code, description] = [info.get('code'), info.get('description')];
        if (typeof code === 'string' && typeof description === 'string') resolve({ code, description });
      }
    });
  });
  socket.write(Buffer.concat([HELLO, ECHO, CONNECT, CREATE, publish(key)]));
  return Promise.race([answer, gone.then(() => ({ code: 'closed', description: '' }))]);
}
