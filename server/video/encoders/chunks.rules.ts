/**
 * RTMP's chunk stream (Adobe, "Real-Time Messaging Protocol", 2012, section 5): messages of several kinds cut into
 * chunks and laid into one another. Ours reads what publishers send, bounded, and writes the little we answer.
 */

export const MESSAGE = {
  setChunkSize: 1,
  abort: 2,
  acknowledgement: 3,
  userControl: 4,
  windowSize: 5,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  data: 18,
  commandAmf3: 17,
  command: 20,
} as const;

export interface Message {
  type: number;
  stream: number;
  /** Milliseconds, 32 bits: it wraps after 49 days. */
  timestamp: number;
  payload: Uint8Array;
}

/** Why a publisher's bytes are not read any further. */
export type ChunkFault = 'too_large' | 'too_many_streams' | 'chunk_size' | 'no_beginning';

interface ChunkStream {
  timestamp: number;
  delta: number;
  extended: boolean;
  length: number;
  type: number;
  stream: number;
  payload: Uint8Array | undefined;
  filled: number;
}

const HEADER_BYTES = [11, 7, 3, 0] as const;
const DEFAULT_CHUNK = 128;
const MAX_CHUNK = 0xff_ff_ff;
/** Every encoder that was seen uses four at most. */
const MAX_STREAMS = 8;

export type ChunkReader = ReturnType<typeof createChunkReader>;

/**
 * Takes bytes as they come and gives whole messages. A message longer than the limit is a fault before a byte of it
 * is kept, so that a stranger can make us remember no more than `MAX_STREAMS` times the limit.
 */
export function createChunkReader(firstLimit: number) {
  const streams = new Map<number, ChunkStream>();
  let limit = firstLimit;
  let chunkSize = DEFAULT_CHUNK;
  let waiting: Uint8Array = new Uint8Array(0);

  /** @returns bytes that were used, 0 when more are needed */
  function readChunk(bytes: Uint8Array, at: number, out: Message[]): number | ChunkFault {
    const head = readHead(bytes, at);
    if (!head) return 0;
    let stream = streams.get(head.id);
    if (!stream) {
      if (head.format !== 0 && head.format !== 1) return 'no_beginning';
      if (streams.size === MAX_STREAMS) return 'too_many_streams';
      stream = newStream();
    }
    const begins = stream.payload === undefined;
    const next = begins ? takeHeader(stream, head, bytes) : undefined;
    const extended = next?.extended ?? (head.format === 3 ? stream.extended : head.field === MAX_FIELD);
    const start = head.next + (extended ? 4 : 0);
    if (bytes.length < start) return 0;
    const length = next?.length ?? stream.length;
    if (length > limit) return 'too_large';
    const part = Math.min(chunkSize, length - (begins ? 0 : stream.filled));
    if (bytes.length < start + part) return 0;

    // Only now is the chunk whole, and what it says is kept.
    streams.set(head.id, stream);
    if (next) begin(stream, next, next.extended ? readUint32(bytes, head.next) : next.field);
    stream.payload ??= new Uint8Array(length);
    stream.payload.set(bytes.subarray(start, start + part), stream.filled);
    stream.filled += part;
    if (stream.filled === length) {
      const { type, stream: number, timestamp, payload } = stream;
      out.push({ type, stream: number, timestamp, payload });
      stream.payload = undefined;
      stream.filled = 0;
    }
    return start + part - at;
  }

  /** Messages that are for the chunk stream itself. */
  function control({ type, payload }: Message): ChunkFault | undefined {
    if (payload.length < 4) return undefined;
    const value = readUint32(payload, 0);
    if (type === MESSAGE.setChunkSize) {
      if (value < DEFAULT_CHUNK || value > MAX_CHUNK) return 'chunk_size';
      chunkSize = value;
    }
    const aborted = type === MESSAGE.abort ? streams.get(value) : undefined;
    if (aborted) {
      aborted.payload = undefined;
      aborted.filled = 0;
    }
    return undefined;
  }

  return {
    /** How long a message may be from now on, in bytes: little for strangers, a key frame for who was admitted. */
    allow(bytes: number) {
      limit = bytes;
    },
    read(fresh: Uint8Array): { messages: Message[]; fault?: ChunkFault } {
      const bytes = waiting.length === 0 ? fresh : Buffer.concat([waiting, fresh]);
      const messages: Message[] = [];
      let at = 0;
      for (let seen = 0; at < bytes.length;) {
        const used = readChunk(bytes, at, messages);
        if (typeof used === 'string') return { messages, fault: used };
        if (used === 0) break;
        at += used;
        for (; seen < messages.length; seen += 1) {
          const fault = control(messages[seen]!);
          if (fault) return { messages, fault };
        }
      }
      waiting = at === bytes.length ? new Uint8Array(0) : Uint8Array.from(bytes.subarray(at));
      return { messages };
    },
  };
}

const MAX_FIELD = 0xff_ff_ff;

const newStream = (): ChunkStream => ({
  ...{ timestamp: 0, delta: 0, extended: false, length: 0, type: 0, stream: 0 },
  payload: undefined,
  filled: 0,
});

interface Head {
  format: number;
  id: number;
  /** Where the message header begins, and what follows it. */
  header: number;
  next: number;
  /** Timestamp or its difference; 0 where the format has none. */
  field: number;
}

function readHead(bytes: Uint8Array, at: number): Head | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const low = first & 0x3f;
  const header = at + (low === 0 ? 2 : low === 1 ? 3 : 1);
  const format = first >> 6;
  const next = header + HEADER_BYTES[format as 0 | 1 | 2 | 3];
  if (bytes.length < next) return undefined;
  const id = low === 0 ? 64 + bytes[at + 1]! : low === 1 ? 64 + bytes[at + 1]! + bytes[at + 2]! * 256 : low;
  return { format, id, header, next, field: format < 3 ? readUint24(bytes, header) : 0 };
}

interface Beginning {
  format: number;
  field: number;
  extended: boolean;
  length: number;
  type: number;
  stream: number;
}

/** What a message that begins here is, with what its header leaves out taken from the one before. */
function takeHeader(before: ChunkStream, { format, header, field }: Head, bytes: Uint8Array): Beginning {
  return {
    format,
    field,
    extended: format === 3 ? before.extended : field === MAX_FIELD,
    length: format <= 1 ? readUint24(bytes, header + 3) : before.length,
    type: format <= 1 ? bytes[header + 6]! : before.type,
    stream: format === 0 ? readUint32LittleEndian(bytes, header + 7) : before.stream,
  };
}

function begin(stream: ChunkStream, next: Beginning, time: number) {
  const { format, extended, length, type, stream: number } = next;
  // A message without any header repeats the last difference, which after a whole header is its timestamp (5.3.1.2.4).
  if (format < 3) stream.delta = time;
  stream.timestamp = format === 0 ? time : (stream.timestamp + stream.delta) >>> 0;
  Object.assign(stream, { extended, length, type, stream: number });
}

const readUint24 = (bytes: Uint8Array, at: number) =>
  (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
const readUint32 = (bytes: Uint8Array, at: number) =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
const readUint32LittleEndian = (bytes: Uint8Array, at: number) =>
  ((bytes[at + 3]! << 24) | (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!) >>> 0;

/** A message of ours. Each of ours is shorter than a chunk of the default size, or is cut at it. */
export function writeMessage(message: Omit<Message, 'timestamp'>, chunkStream: number): Uint8Array {
  const { payload } = message;
  const head = Buffer.alloc(12);
  head[0] = chunkStream;
  head.writeUIntBE(payload.length, 4, 3);
  head[7] = message.type;
  head.writeUInt32LE(message.stream, 8);
  const parts: Uint8Array[] = [head];
  for (let at = 0; at < payload.length; at += DEFAULT_CHUNK) {
    if (at > 0) parts.push(Buffer.of(0xc0 | chunkStream));
    parts.push(payload.subarray(at, at + DEFAULT_CHUNK));
  }
  return Buffer.concat(parts);
}

/** A control message whose whole content is one number of 32 bits. */
export function writeControl(type: number, value: number, rest: readonly number[] = []): Uint8Array {
  const payload = Buffer.alloc(4 + rest.length);
  payload.writeUInt32BE(value);
  payload.set(rest, 4);
  return writeMessage({ type, stream: 0, payload }, 2);
}
