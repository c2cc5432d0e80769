import type { DispatchVersion } from './dispatch.model.ts';
import type { DispatchTerms } from './dispatch.rules.ts';

/** What a cooperative promises as its form holds it: text, so that what is wrong can come back as it was typed. */
export function presentDispatch(
  { version, terms, history }: { version: number; terms: DispatchTerms; history: readonly DispatchVersion[] },
  refused?: { fields: Record<string, string>; values: Record<string, unknown> },
) {
  const text = (name: string, now: string) => {
    const typed = refused?.values[name];
    return typeof typed === 'string' ? typed.slice(0, 20) : now;
  };
  return {
    version,
    days: text('days', String(terms.days)),
    cutOffHour: text('cutOffHour', String(terms.cutOffHour)),
    resumesOn: text('resumesOn', terms.resumesOn ?? ''),
    errors: refused?.fields ?? {},
    last: history[0] && { by: history[0].byName, at: history[0].at },
  };
}
