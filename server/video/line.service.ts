/** Questions and answers between two processes over the channel that Node gives parent and child. */

type Wire =
  | { line: 'ask'; id: number; name: string; input: unknown }
  | { line: 'answer'; id: number; value?: unknown; failure?: string };

export interface Side {
  send: (message: Wire, handle?: unknown) => void;
  onMessage: (listener: (message: unknown, handle?: unknown) => void) => void;
}

export type Answers = Record<string, (input: never, handle: unknown) => unknown>;

/** How long the other side may think about it; it may have died. */
const PATIENCE_MS = 10_000;

interface More {
  handle?: unknown;
  patienceMs?: number;
}

export type LineToProcess = ReturnType<typeof openLine>;

/** @param answers what the other side may ask for, by name */
export function openLine(side: Side, answers: Answers) {
  const waiting = new Map<number, { done: (value: unknown) => void; fail: (error: Error) => void }>();
  let ids = 0;

  async function answer({ id, name, input }: Extract<Wire, { line: 'ask' }>, handle: unknown) {
    try {
      const asked = answers[name] as ((input: unknown, handle: unknown) => unknown) | undefined;
      if (!asked) throw new Error(`nobody answers ${name}`);
      side.send({ line: 'answer', id, value: await asked(input, handle) });
    } catch (error) {
      side.send({ line: 'answer', id, failure: error instanceof Error ? error.message : String(error) });
    }
  }

  side.onMessage((message, handle) => {
    const wire = message as Wire;
    if (wire?.line === 'ask') void answer(wire, handle);
    if (wire?.line !== 'answer') return;
    const asked = waiting.get(wire.id);
    waiting.delete(wire.id);
    if (wire.failure === undefined) asked?.done(wire.value);
    else asked?.fail(new Error(wire.failure));
  });

  return {
    /** @param more a connection that goes along, and how long the answer may take */
    ask<T>(name: string, input: unknown, { handle, patienceMs = PATIENCE_MS }: More = {}): Promise<T> {
      const id = ++ids;
      return new Promise<T>((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(id);
          reject(new Error(`no answer to ${name}`));
        }, patienceMs);
        const settle =
          <V>(act: (value: V) => void) =>
          (value: V) => {
            clearTimeout(late);
            act(value);
          };
        waiting.set(id, { done: settle(resolve as (value: unknown) => void), fail: settle(reject) });
        side.send({ line: 'ask', id, name, input }, handle);
      });
    },
    /** The other side is gone: nobody will answer. */
    cut() {
      for (const { fail } of waiting.values()) fail(new Error('the other process is gone'));
      waiting.clear();
    },
  };
}
