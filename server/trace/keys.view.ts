import type { Translate } from '../platform/views/index.ts';
import type { KeyDoc } from './signing.model.ts';

/** What is known of how a key was used. */
export interface KeyUse {
  lots: number;
  labels: number;
}

/** A key as an admin sees it: never its private half, sealed or not. */
export function presentKey(
  key: KeyDoc,
  { use, active, t }: { use: KeyUse | undefined; active: string | undefined; t: Translate },
) {
  const state = key.revokedAt ? 'revoked' : key._id === active ? 'active' : 'retired';
  return {
    id: key._id,
    since: key.createdAt,
    state,
    stateLabel: t(`traceKeys.state.${state}`),
    meaning: t(`traceKeys.meaning.${state}`),
    until: key.revokedAt ?? key.retiredAt ?? undefined,
    why: key.why ?? undefined,
    lots: use?.lots ?? 0,
    labels: use?.labels ?? 0,
    revokeHref: key.revokedAt ? undefined : `/admin/keys/${key._id}/revoke`,
  };
}
