import type { RawData, WebSocket } from 'ws';
import type { Program, StudioPacket } from './program.service.ts';
import { fromPublisher } from './watch.schema.ts';
import { CLOSE, KIND, PACKET_HEAD, type ToPublisher } from './watch.events.ts';

const HEARD_MS = 500;
/** A page that says nothing for so long has lost its line, even if nobody has told us. */
const SILENT_MS = 8_000;

/** A host's browser publishes: its packets go into the live, and it learns what has arrived. */
export function attendPublisher(deps: {
  socket: WebSocket;
  program: Program;
  publisher: string;
  /** How many watch, and whether it is being recorded. */
  figures: () => { viewers: number; recording: boolean };
}) {
  const { socket, program, publisher, figures } = deps;
  const tell = (message: ToPublisher) => socket.send(JSON.stringify(message));
  let bytes = 0;
  let heardAt = performance.now();
  const ingest = program.open({
    via: 'browser',
    publisher,
    over: (reason) => socket.close(reason === 'taken_over' ? CLOSE.taken : CLOSE.over, reason),
  });
  ingest.onKeyFrameWanted(() => tell({ type: 'key' }));

  const timer = setInterval(() => {
    if (performance.now() - heardAt > SILENT_MS) socket.terminate();
    else tell({ type: 'heard', bytes, ...figures() });
  }, HEARD_MS);

  socket.on('message', (data: RawData, isBinary) => {
    heardAt = performance.now();
    if (isBinary) {
      const message = asBuffer(data);
      bytes += message.length;
      const packet = readPacket(message);
      if (packet) ingest.push(packet);
      else socket.close(CLOSE.malformed, 'malformed');
      return;
    }
    const tracks = fromPublisher(data);
    if (tracks) ingest.configure(tracks);
    else socket.close(CLOSE.malformed, 'malformed');
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clearInterval(timer);
    ingest.end('lost');
  });
}

const asBuffer = (data: RawData) =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);

const TRACKS = { [KIND.video]: 'video', [KIND.audio]: 'audio', [KIND.low]: 'low' } as const;

/** One picture or piece of sound with its head. @returns undefined for anything else */
function readPacket(message: Buffer): StudioPacket | undefined {
  if (message.length <= PACKET_HEAD) return undefined;
  const track = TRACKS[message[0] as keyof typeof TRACKS];
  if (!track) return undefined;
  return {
    track,
    key: (message[1]! & 1) === 1,
    durationUs: message.readUInt32BE(2),
    timestampUs: message.readDoubleBE(6),
    data: message.subarray(PACKET_HEAD),
  };
}
