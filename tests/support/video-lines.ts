import { WebSocket } from 'ws';
import { KIND, PACKET_HEAD, type ToPublisher, type ToViewer } from '../../server/video/watch.events.ts';
import type { Client } from './client.ts';
import { until } from './client.ts';
import { readTape, tapeAt } from './video-packets.ts';

const tape = readTape();

const wsUrl = (client: Client, path: string) => client.url.replace(/^http/, 'ws') + path;

type Hear = (data: Buffer, isBinary: boolean, socket: WebSocket) => void;

/** A WebSocket of a client's session; undefined with the status when it was refused. */
async function open(
  client: Client,
  path: string,
  { headers = {}, hear }: { headers?: Record<string, string>; hear?: Hear } = {},
) {
  const socket = new WebSocket(wsUrl(client, path), { headers: { cookie: client.cookieHeader, ...headers } });
  socket.binaryType = 'nodebuffer';
  // From the first moment: what comes with the answer is not missed.
  if (hear) socket.on('message', (data: Buffer, isBinary) => hear(data, isBinary, socket));
  const refused = await new Promise<number | undefined>((resolve) => {
    socket.once('open', () => resolve(undefined));
    socket.once('unexpected-response', (_req, res) => resolve(res.statusCode ?? 0));
    socket.once('error', () => resolve(0));
  });
  socket.on('error', () => {});
  if (refused !== undefined) socket.terminate();
  return { socket, refused };
}

/** @returns the status of the refusal, or undefined when the line was opened */
export async function tryPublish(client: Client, live: string, headers: Record<string, string> = {}) {
  const { socket, refused } = await open(client, `/video/publish/${live}`, { headers });
  socket.terminate();
  return refused;
}

/** A host's page without a face: sends the tape at the speed it was made. */
export async function publish(client: Client, live: string) {
  const { socket, refused } = await open(client, `/video/publish/${live}`);
  if (refused !== undefined) throw new Error(`publishing was refused with ${refused}`);
  let closedWith: number | undefined;
  let heard: Extract<ToPublisher, { type: 'heard' }> | undefined;
  socket.on('close', (code) => (closedWith = code));
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ToPublisher;
    if (message.type === 'heard') heard = message;
  });
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const { video, audio } = tape;
  socket.send(
    JSON.stringify({
      type: 'tracks',
      video: { ...video, description: text(video.description) },
      audio: { ...audio, description: text(audio.description) },
    }),
  );
  const began = performance.now();
  let n = 0;
  const timer = setInterval(() => {
    while (tapeAt(tape, n).timestampUs / 1000 <= performance.now() - began) {
      if (socket.readyState === WebSocket.OPEN) socket.send(packetBytes(n));
      n += 1;
    }
  }, 20);
  return {
    closedWith: () => closedWith,
    heard: () => heard,
    stop() {
      clearInterval(timer);
      socket.close();
    },
    drop() {
      clearInterval(timer);
      socket.terminate();
    },
  };
}

function packetBytes(n: number): Buffer {
  const packet = tapeAt(tape, n);
  const head = Buffer.alloc(PACKET_HEAD);
  head[0] = KIND[packet.track];
  head[1] = packet.key ? 1 : 0;
  head.writeUInt32BE(packet.durationUs, 2);
  head.writeDoubleBE(packet.timestampUs, 6);
  return Buffer.concat([head, packet.data]);
}

/** Somebody who watches. `acks: false` is a line that takes nothing. */
export async function watch(client: Client, live: string, { acks = true, choice = 'auto' } = {}) {
  const words: ToViewer[] = [];
  const parts: Buffer[] = [];
  let bytes = 0;
  const { socket, refused } = await open(client, `/video/watch/${live}?choice=${choice}`, {
    hear(data, isBinary, line) {
      if (!isBinary) return void words.push(JSON.parse(String(data)) as ToViewer);
      parts.push(data);
      bytes += data.length;
      if (acks) line.send(JSON.stringify({ type: 'got', bytes }));
    },
  });
  if (refused !== undefined) throw new Error(`watching was refused with ${refused}`);
  let closedWith: number | undefined;
  socket.on('close', (code) => (closedWith = code));
  return {
    words,
    parts,
    socket,
    closedWith: () => closedWith,
    /** Waits until so many pieces have come. */
    has: (count: number) =>
      until(
        () => parts.length,
        (now) => now >= count,
        20_000,
      ),
    stop: () => socket.close(),
  };
}
