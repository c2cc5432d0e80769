import type { Speak } from '../page-data.ts';

export type Answer =
  { ok: true } | { ok: false; error: { code: string; message: string; fields?: Record<string, string> } };

export type Command = ReturnType<typeof commands>;

/** Sends a host's command; a refusal is told in the shop's own words. */
export function commands(deps: { say: Speak; tell: (text: string) => void }) {
  /** `instead`: a kinder sentence for a refusal than its own, by code. */
  return async <A extends Answer>(
    button: HTMLElement | null,
    send: () => Promise<A>,
    instead: Record<string, () => string> = {},
  ): Promise<(A & { ok: true }) | undefined> => {
    button?.setAttribute('aria-busy', 'true');
    try {
      const answer = await send();
      if (answer.ok) return answer as A & { ok: true };
      deps.tell(instead[answer.error.code]?.() ?? reasonOf(answer.error));
    } catch {
      deps.tell(deps.say('reconnecting'));
    } finally {
      button?.removeAttribute('aria-busy');
    }
    return undefined;
  };
}

/** The field's own sentence says more than "something is not right". */
function reasonOf({ message, fields }: { message: string; fields?: Record<string, string> }): string {
  return Object.values(fields ?? {})[0] ?? message;
}
