import { decodeAmf0, encodeAmf0, type AmfValue, type AmfWord } from './amf.rules.ts';
import {
  createChunkReader,
  MESSAGE,
  writeControl,
  writeMessage,
  type ChunkFault,
  type Message,
} from './chunks.rules.ts';

/**
 * The publisher's side of an RTMP connection (Adobe, "Real-Time Messaging Protocol", 2012, sections 5 and 7): bytes in,
 * bytes to answer and what was asked for out. Playing is not offered.
 */

export type Asked =
  { kind: 'publish'; name: string } | { kind: 'media'; message: Message } | { kind: 'unpublish' };

/** Why a connection is hung up on. */
export type RtmpFault = ChunkFault | 'not_rtmp' | 'bad_command' | 'out_of_order';

const HANDSHAKE = 1536;
const VERSION = 3;
/** A command of an encoder has a few hundred bytes; OBS's metadata a thousand. */
const STRANGER_MESSAGE = 16 * 1024;
/** A key frame of a picture of 4096 lines at its best. */
const ADMITTED_MESSAGE = 4 * 1024 * 1024;
const WINDOW = 2_500_000;
const STREAM = 1;
const COMMANDS = 3;

export function createConversation(random: (bytes: number) => Uint8Array) {
  const reader = createChunkReader(STRANGER_MESSAGE);
  let stage: 'hello' | 'echo' | 'talk' = 'hello';
  let early: Uint8Array = new Uint8Array(0);
  let connected = false;
  let published = false;
  let received = 0;
  let acknowledged = 0;
  const out: Uint8Array[] = [];

  const say = (stream: number, ...values: AmfWord[]) =>
    void out.push(writeMessage({ type: MESSAGE.command, stream, payload: encodeAmf0(values) }, COMMANDS));

  const status = (level: 'status' | 'error', code: string, description: string) =>
    say(STREAM, 'onStatus', 0, null, { level, code, description });

  function command(values: AmfValue[], asked: Asked[]): RtmpFault | undefined {
    const [name, transaction, object] = values;
    if (typeof name !== 'string' || typeof transaction !== 'number') return 'bad_command';
    if (name === 'connect') {
      if (connected || !(object instanceof Map)) return 'bad_command';
      connected = true;
      out.push(writeControl(MESSAGE.windowSize, WINDOW), writeControl(MESSAGE.peerBandwidth, WINDOW, [2]));
      const info = { level: 'status', code: 'NetConnection.Connect.Success', description: 'connected' };
      say(0, '_result', transaction, { fmsVer: 'FMS/3,0,1,123', capabilities: 31 }, info);
      return undefined;
    }
    if (!connected) return 'out_of_order';
    if (name === 'createStream') say(0, '_result', transaction, null, STREAM);
    if (name === 'publish') {
      const wanted = values[3];
      if (published || typeof wanted !== 'string') return 'bad_command';
      published = true;
      asked.push({ kind: 'publish', name: wanted });
    }
    if (name === 'deleteStream' || name === 'FCUnpublish' || name === 'closeStream') {
      asked.push({ kind: 'unpublish' });
    }
    return undefined;
  }

  function take(message: Message, asked: Asked[]): RtmpFault | undefined {
    if (message.type === MESSAGE.command || message.type === MESSAGE.commandAmf3) {
      // AMF3 commands are AMF0 behind a zero.
      const skip = message.type === MESSAGE.commandAmf3 ? 1 : 0;
      const values = decodeAmf0(message.payload.subarray(skip));
      return values ? command(values, asked) : 'bad_command';
    }
    if (message.type === MESSAGE.audio || message.type === MESSAGE.video) {
      if (!published) return 'out_of_order';
      asked.push({ kind: 'media', message });
    }
    return undefined;
  }

  /** @returns bytes that are left for the talk; undefined while the handshake is not through */
  function handshake(bytes: Uint8Array): Uint8Array | undefined | 'not_rtmp' {
    early = Buffer.concat([early, bytes]);
    if (stage === 'hello' && early.length > 0) {
      if (early[0] !== VERSION) return 'not_rtmp';
      if (early.length < 1 + HANDSHAKE) return undefined;
      const c1 = early.subarray(1, 1 + HANDSHAKE);
      const s1 = Buffer.concat([Buffer.alloc(8), random(HANDSHAKE - 8)]);
      out.push(Buffer.concat([Buffer.of(VERSION), s1, c1]));
      early = early.subarray(1 + HANDSHAKE);
      stage = 'echo';
    }
    if (stage === 'echo' && early.length >= HANDSHAKE) {
      stage = 'talk';
      const rest = early.subarray(HANDSHAKE);
      early = new Uint8Array(0);
      return rest;
    }
    return undefined;
  }

  function acknowledge(bytes: number) {
    received += bytes;
    if (received - acknowledged < WINDOW / 2) return;
    acknowledged = received;
    out.push(writeControl(MESSAGE.acknowledgement, received % 2 ** 32));
  }

  return {
    /** @returns what was asked for, in order; after a fault nothing more may be read */
    read(bytes: Uint8Array): { asked: Asked[]; fault?: RtmpFault } {
      const asked: Asked[] = [];
      acknowledge(bytes.length);
      const rest = stage === 'talk' ? bytes : handshake(bytes);
      if (rest === 'not_rtmp') return { asked, fault: rest };
      if (rest === undefined || rest.length === 0) return { asked };
      const { messages, fault } = reader.read(rest);
      for (const message of messages) {
        const wrong = take(message, asked);
        if (wrong) return { asked, fault: wrong };
      }
      return fault ? { asked, fault } : { asked };
    },
    /** The publisher was let in: it may send whole pictures from now on. */
    admit() {
      reader.allow(ADMITTED_MESSAGE);
      status('status', 'NetStream.Publish.Start', 'on air');
    },
    /** The one code by which encoders know a refusal, with words that they show. */
    refuse(words: string) {
      status('error', 'NetStream.Publish.BadName', words);
    },
    /** What is to be sent now. */
    answer: (): Uint8Array => Buffer.concat(out.splice(0)),
  };
}

export type Conversation = ReturnType<typeof createConversation>;
