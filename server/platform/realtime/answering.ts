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

/**
 * Registers inward events: parse, handle, acknowledge. A failure becomes an ack with its code; nothing thrown in a
 * handler reaches the process. An event without an acknowledgement function is handled just the same.
 */
export interface Answering {
  on<S extends z.ZodType>(
    socket: Socket,
    event: string,
    schema: S,
    handle: (input: z.infer<S>) => Promise<object> | object,
  ): void;
}

export function answering(deps: { translator: Translator; log: Log }): Answering {
  return {
    on(socket, event, schema, handle) {
      socket.on(event, (input: unknown, ack: unknown) => {
        const answer: AnyAck = typeof ack === 'function' ? (ack as AnyAck) : () => {};
        void (async () => {
          try {
            answer({ ok: true, ...(await handle(parse(schema, input))) });
          } catch (thrown) {
            answer(failure(thrown, event, (socket.data as SocketPerson).lang));
          }
        })();
      });
    },
  };

  function failure(thrown: unknown, event: string, lang: Lang) {
    const error: AppError = toAppError(thrown);
    if (error.status >= 500) deps.log.error({ err: error.cause ?? error, event }, 'socket event failed');
    return { ok: false, error: errorBody(error, deps.translator, lang) };
  }
}
