import type { Translate } from '../platform/views/index.ts';
import { CERTIFICATE_KINDS } from './catalog.rules.ts';
import type { ClaimRuleDoc } from './claims.model.ts';

interface Refused {
  fields: Record<string, string>;
  values: Record<string, unknown>;
}

export function presentRule(rule: ClaimRuleDoc, refused: Refused | undefined, t: Translate) {
  const kinds = refused ? [refused.values['kinds'] ?? []].flat() : rule.kinds;
  const active = refused ? refused.values['active'] === 'yes' : rule.active;
  return {
    id: rule._id,
    version: rule.version,
    title: rule.words.slice(0, 4).join('、'),
    more: Math.max(0, rule.words.length - 4),
    needs: rule.kinds.map((kind) => t(`catalog.certificate.${kind}`)),
    isActive: rule.active,
    active,
    open: refused !== undefined,
    words: refused ? textOf(refused.values['words']) : rule.words.join('\n'),
    except: refused ? textOf(refused.values['except']) : rule.except.join('\n'),
    kinds: kindChoices(kinds, t),
    errors: refused?.fields ?? {},
    updatedAt: rule.version > 1 ? rule.updatedAt : undefined,
  };
}

export function presentNewRule(refused: Refused | undefined, t: Translate) {
  return {
    id: '',
    version: 0,
    open: refused !== undefined,
    active: refused ? refused.values['active'] === 'yes' : true,
    words: textOf(refused?.values['words']),
    except: textOf(refused?.values['except']),
    kinds: kindChoices([refused?.values['kinds'] ?? []].flat(), t),
    errors: refused?.fields ?? {},
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function kindChoices(chosen: readonly unknown[], t: Translate) {
  return CERTIFICATE_KINDS.map((key) => ({
    key,
    label: t(`catalog.certificate.${key}`),
    chosen: chosen.includes(key),
  }));
}
