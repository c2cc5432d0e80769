import { randomBytes } from 'node:crypto';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createConversation, type Asked } from './conversation.rules.ts';
import { readAudioTag, readVideoTag, type FlvRead } from './flv.rules.ts';
import type { EncoderFault, Refusal } from './gate.rules.ts';
import { openPublication, type Publication, type PublicationDeps } from './publication.service.ts';
import { MESSAGE } from './chunks.rules.ts';

export interface RtmpListener {
  port: number;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 100;
const MAX_STRANGERS_PER_ADDRESS = 8;
/** A stranger has this long to say what it wants to publish. */
const STRANGER_MS = 10_000;
/** An encoder that says nothing for so long is gone; it may have lost its network without a word. */
const SILENCE_MS = 20_000;

/** What encoders show to the person in front of them. */
const WORDS: Record<Refusal, string> = {
  wrong_key: 'stream key unknown or revoked',
  in_use: 'stream key is in use by another encoder',
  live_over: 'this live is over',
};

/** Listens for encoders that speak RTMP. @throws the error of `listen`, such as a port that is taken */
export async function listenForRtmp(
  deps: PublicationDeps,
  { host, port }: { host: string; port: number },
): Promise<RtmpListener> {
  const sockets = new Set<Socket>();
  const strangers = new Map<string, number>();

  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const address = plainAddress(socket);
    const count = strangers.get(address) ?? 0;
    if (sockets.size >= MAX_CONNECTIONS || count >= MAX_STRANGERS_PER_ADDRESS) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    strangers.set(address, count + 1);
    let known = false;
    const noStranger = () => {
      if (known) return;
      known = true;
      const left = (strangers.get(address) ?? 1) - 1;
      if (left > 0) strangers.set(address, left);
      else strangers.delete(address);
    };
    socket.once('close', () => {
      sockets.delete(socket);
      noStranger();
    });
    attend(socket, { ...deps, address, admitted: noStranger });
  });
  await listening(server, host, port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

interface Attending extends PublicationDeps {
  address: string;
  admitted: () => void;
}

/** One connection from its first byte to its last. */
function attend(socket: Socket, deps: Attending) {
  const { gate, log, address } = deps;
  const conversation = createConversation(randomBytes);
  let publication: Publication | undefined;
  let over = false;
  const late = setTimeout(() => leave('silent'), STRANGER_MS);

  /** Says what is to be said, and hangs up. */
  function leave(reason: string, fault?: EncoderFault) {
    if (over) return;
    over = true;
    clearTimeout(late);
    publication?.end(reason, fault);
    socket.end(conversation.answer());
    // Whoever does not hang up in turn is not waited for.
    socket.setTimeout(2_000, () => socket.destroy());
  }

  async function publish(name: string) {
    // Some encoders append parameters to the key.
    const [key = ''] = name.split('?');
    socket.pause();
    const admission = await gate.admit({ key, via: 'rtmp', address });
    if (over) return admission.ok ? gate.leave(admission.grant) : undefined;
    if (!admission.ok) {
      log.warn({ address, refusal: admission.refusal }, 'an RTMP encoder was refused');
      conversation.refuse(WORDS[admission.refusal]);
      return leave(admission.refusal);
    }
    clearTimeout(late);
    deps.admitted();
    socket.setTimeout(SILENCE_MS, () => leave('silent'));
    publication = openPublication(deps, { grant: admission.grant, via: 'rtmp', over: leave });
    conversation.admit();
    socket.write(conversation.answer());
    socket.resume();
    return undefined;
  }

  function media({ message }: Extract<Asked, { kind: 'media' }>) {
    const { type, payload, timestamp } = message;
    const read = type === MESSAGE.video ? readVideoTag(payload, timestamp) : readAudioTag(payload, timestamp);
    if (read.kind === 'fault') {
      log.warn({ address, fault: read.fault }, 'an RTMP encoder sends what cannot be played');
      leave(read.fault, read.fault);
    } else if (publication) deliver(read, publication);
  }

  function take(asked: readonly Asked[]) {
    for (const one of asked) {
      if (over) return;
      if (one.kind === 'media') media(one);
      else if (one.kind === 'unpublish') leave('stopped');
      else {
        publish(one.name).catch((error: unknown) => {
          log.error({ err: error }, 'an RTMP encoder could not be let in');
          leave('unavailable');
        });
      }
    }
  }

  socket.on('data', (bytes) => {
    if (over) return;
    const { asked, fault } = conversation.read(bytes);
    take(asked);
    if (fault) {
      log.warn({ address, fault }, 'an RTMP connection was hung up on');
      return leave(fault, 'malformed');
    }
    const answer = conversation.answer();
    if (answer.length > 0 && !over) socket.write(answer);
  });
  socket.on('error', () => leave('lost'));
  socket.on('close', () => leave('lost'));
}

function deliver(read: Exclude<FlvRead, { kind: 'fault' }>, publication: Publication) {
  if (read.kind === 'video_config') publication.video(read.config);
  else if (read.kind === 'audio_config') publication.audio(read.config);
  else if (read.kind === 'packet') publication.push(read.packet);
}

/** `::ffff:203.0.113.7` and `203.0.113.7` are one address. */
function plainAddress(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}
