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

interface Handler {
  schema: z.ZodType;
  handle: (input: unknown) => Promise<object> | object;
}

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
  /** One listener for all of a socket's events: a viewer has forty of them, and thousands of viewers come at once. */
  const tables = new WeakMap<Socket, Map<string, Handler>>();

  function tableOf(socket: Socket): Map<string, Handler> {
    const known = tables.get(socket);
    if (known) return known;
    const table = new Map<string, Handler>();
    tables.set(socket, table);
    socket.onAny((event: string, input: unknown, ack: unknown) => {
      const handler = table.get(event);
      if (handler) void respond(socket, event, { handler, input, ack });
    });
    return table;
  }

  async function respond(
    socket: Socket,
    event: string,
    { handler, input, ack }: { handler: Handler; input: unknown; ack: unknown },
  ) {
    const answer: AnyAck = typeof ack === 'function' ? (ack as AnyAck) : () => {};
    try {
      answer({ ok: true, ...(await handler.handle(parse(handler.schema, input))) });
    } catch (thrown) {
      answer(failure(thrown, event, (socket.data as SocketPerson).lang));
    }
  }

  return {
    on(socket, event, schema, handle) {
      tableOf(socket).set(event, { schema, handle: handle as Handler['handle'] });
    },
  };

  function failure(thrown: unknown, event: string, lang: Lang) {
    const error: AppError = toAppError(thrown);
    if (error.status >= 500) deps.log.error({ err: error.cause ?? error, event }, 'socket event failed');
    return { ok: false, error: errorBody(error, deps.translator, lang) };
  }
}
