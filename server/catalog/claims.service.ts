import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { localDay } from '../platform/views/index.ts';
import type { CertificateStore } from './certificates.store.ts';
import { DEFAULT_RULES } from './claim-defaults.rules.ts';
import type { ClaimRuleDoc } from './claims.model.ts';
import { compileRules, unproven, type Claim, type ClaimRule, type CompiledRules } from './claims.rules.ts';
import type { SaveRuleCommand } from './claims.schema.ts';
import type { ClaimStore } from './claims.store.ts';
import { allowedBy, type CoverOf } from './showing.rules.ts';
import { toProof } from './showing.service.ts';

export type Claims = ReturnType<typeof createClaims>;

/** What something is said about. */
export interface ClaimScope {
  skus: readonly string[];
  /** Codes of lots, where it is said about these lots. */
  lots?: readonly string[] | undefined;
  /** Calendar day in China; today when left out. */
  day?: string | undefined;
  /** `any`: enough when one of the SKUs is covered, as for the title of a live with several. */
  cover?: CoverOf | undefined;
}

/** More rules than these are more than an admin can oversee. */
const MOST_RULES = 200;

/** Words that a refusal names. */
const WORDS_NAMED = 5;

/** Keeps words such as 有机 (organic) from being said without a certificate for them. */
export function createClaims(deps: { store: ClaimStore; certificates: CertificateStore; clock: Clock }) {
  const { store, certificates, clock } = deps;
  let compiled: CompiledRules = compileRules(DEFAULT_RULES);
  let stamp = '';

  async function refresh(): Promise<void> {
    const docs = await store.all();
    const now = docs.map(({ _id, version }) => `${_id}:${version}`).join(' ');
    if (now === stamp) return;
    compiled = compileRules(docs.map(toRule));
    stamp = now;
  }

  /** What a text claims that no certificate covers. Reads the certificates from the database. */
  async function check({ text, ...scope }: ClaimScope & { text: string }): Promise<Claim[]> {
    if (compiled.find(text).length === 0) return [];
    const found = await certificates.ofSkus(scope.skus);
    const day = scope.day ?? localDay(clock.now());
    return unproven(compiled, text, allowedBy({ ...scope, day, certificates: found.map(toProof) }));
  }

  return {
    /** Puts the rules that a new shop begins with where there are none of their name. */
    async prepare(): Promise<void> {
      const now = clock.now();
      await store.addMissing(DEFAULT_RULES.map((rule) => toDoc(rule, now)));
      await refresh();
    },

    /** Brings the rules up to date with the database, whichever process changed them. */
    refresh,
    rules: () => compiled,
    /** Another one whenever the rules are others. */
    stamp: () => stamp,

    check,

    /**
     * Refuses texts that claim what no certificate covers.
     *
     * @param fields the name of each field and what was written in it
     * @throws AppError `claim_not_covered` with the fields and, in `values.words`, the words
     */
    async refuse({
      fields,
      ...scope
    }: ClaimScope & { fields: Readonly<Record<string, string>> }): Promise<void> {
      const wrong = new Map<string, Claim[]>();
      for (const [field, text] of Object.entries(fields)) {
        const claims = await check({ ...scope, text });
        if (claims.length > 0) wrong.set(field, claims);
      }
      if (wrong.size > 0) throw refusal(wrong);
    },

    list: (): Promise<ClaimRuleDoc[]> => store.all(),

    /**
     * Changes a rule, or adds one. What it says holds on this process at once and on the others in seconds.
     *
     * @throws AppError `conflict` when somebody has changed it since it was looked at, or there are too many
     */
    async save({ id, version, ...rule }: SaveRuleCommand, by: string): Promise<void> {
      const now = clock.now();
      if (id === undefined) {
        if ((await store.count()) >= MOST_RULES) throw new AppError('conflict');
        await store.addMissing([
          { ...toDoc({ id: newId(), ...rule }, now), history: [entryOf(rule, by, now)] },
        ]);
      } else if (!(await store.change(id, version, { ...rule, updatedAt: now }, by))) {
        throw new AppError('conflict');
      }
      await refresh();
    },
  };
}

/** @param wrong what each field may not say; at least one */
export function refusal(wrong: ReadonlyMap<string, readonly Claim[]>): AppError {
  const words = new Set([...wrong.values()].flat().map(({ word }) => word));
  const [first = '', ...others] = wrong.keys();
  const error = new AppError('claim_not_covered', {
    fields: { [first]: 'claim_words' },
    values: { words: [...words].slice(0, WORDS_NAMED).join('、') },
  });
  for (const field of others) error.fields![field] = error.fields![first]!;
  return error;
}

function entryOf({ words, active }: Pick<ClaimRule, 'words' | 'active'>, by: string, at: Date) {
  return { at, by, version: 1, words: [...words], active };
}

function toDoc(rule: ClaimRule, now: Date): ClaimRuleDoc {
  const { id, words, except, kinds, active } = rule;
  return {
    _id: id,
    words: [...words],
    except: [...except],
    kinds: [...kinds],
    active,
    version: 1,
    history: [],
    updatedAt: now,
  };
}

function toRule({ _id, words, except, kinds, active }: ClaimRuleDoc): ClaimRule {
  return { id: _id, words, except, kinds, active };
}
