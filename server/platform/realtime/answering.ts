import type { Socket } from 'socket.io';
import type { z } from 'zod';
import { toAppError, type AppError } from '../errors.ts';
import { errorBody, parse } from '../http/index.ts';
import type { Lang } from '../lang.ts';
import type { Log } from '../log.ts';
import type { Translator } from '../views/index.ts';

/** What the handshake found out about the one at the other end; each domain narrows `person` to its own type. */
export interface SocketPerson {
  lang: Lang;
}

type AnyAck = (answer: object) => void;

type Answer = Promise<object> | object;

interface Handler {
  schema: z.ZodType;
  handle: (input: unknown, socket: Socket) => Answer;
}

/**
 * Inward events: parse, handle, acknowledge. A failure becomes an ack with its code; nothing thrown in a handler
 * reaches the process. An event without an acknowledgement function is handled just the same.
 */
export interface Answering {
  /** Registers an event, once for all sockets: thousands of viewers come at once, and each would bring forty handlers. */
  on<S extends z.ZodType, T extends Socket = Socket>(
    event: string,
    schema: S,
    handle: (input: z.infer<S>, socket: T) => Answer,
  ): void;
  /** From now on what comes from this socket is answered. */
  attend(socket: Socket): void;
}

export function answering(deps: { translator: Translator; log: Log }): Answering {
  const handlers = new Map<string, Handler>();

  async function respond(socket: Socket, event: string, { input, ack }: { input: unknown; ack: unknown }) {
    const handler = handlers.get(event);
    if (!handler) return;
    const answer: AnyAck = typeof ack === 'function' ? (ack as AnyAck) : () => {};
    try {
      answer({ ok: true, ...(await handler.handle(parse(handler.schema, input), socket)) });
    } catch (thrown) {
      answer(failure(thrown, event, (socket.data as SocketPerson).lang));
    }
  }

  function failure(thrown: unknown, event: string, lang: Lang) {
    const error: AppError = toAppError(thrown);
    if (error.status >= 500) deps.log.error({ err: error.cause ?? error, event }, 'socket event failed');
    return { ok: false, error: errorBody(error, deps.translator, lang) };
  }

  return {
    on(event, schema, handle) {
      if (handlers.has(event)) throw new Error(`${event} is answered already`);
      handlers.set(event, { schema, handle: handle as Handler['handle'] });
    },
    attend(socket) {
      socket.onAny((event: string, input: unknown, ack: unknown) => {
        void respond(socket, event, { input, ack });
      });
    },
  };
}
