import type { Identity, LinkFault, Typing } from './codes.rules.ts';
import type { UnitState } from './units.rules.ts';

/**
 * What a code turned out to be. `genuine`: its signature is ours and fits; `registered`: typed without a signature, and
 * known here; `altered`: a unit of ours whose printed fields are not the ones that were printed.
 */
export type Verdict = 'genuine' | 'registered' | 'revoked' | 'altered' | 'forged' | 'unknown' | 'typing';

/** What was looked up, as far as it could be read. */
export type Asked =
  | { typing: Typing | LinkFault }
  | { serial: string; identity?: Identity | undefined; signature?: string | undefined }
  | { lot: string; identity?: Identity | undefined; signature?: string | undefined };

export type Seal = 'genuine' | 'altered' | 'forged' | 'unknown_key' | 'revoked_key' | 'unsigned';

/** Whether the fields of a link are those of the unit or lot that they name. */
export function sameFields(asked: Identity, known: Identity): boolean {
  if (asked.gtin !== known.gtin || asked.lot !== known.lot) return false;
  return asked.bestBefore === undefined || asked.bestBefore === known.bestBefore;
}

/** The verdict on a code that names something of ours. */
export function verdictOf(
  { identity, known, seal }: { identity?: Identity | undefined; known: Identity; seal: Seal },
  state: UnitState | undefined,
): Verdict {
  if (identity && !sameFields(identity, known)) return 'altered';
  // The best before date left out of a signed link is a change, too.
  if (seal === 'altered') return identity?.bestBefore === undefined ? 'altered' : 'forged';
  if (seal === 'forged' || seal === 'unknown_key') return 'forged';
  if (state === 'revoked') return 'revoked';
  return seal === 'genuine' ? 'genuine' : 'registered';
}

/** The verdict on a code that names nothing that is known here: with somebody's signature it was made up. */
export function verdictOfUnknown(seal: Seal): Verdict {
  return seal === 'unsigned' || seal === 'genuine' || seal === 'revoked_key' ? 'unknown' : 'forged';
}

/** Verdicts that tell of a product; the others tell only of the code. */
export function showsProduct(verdict: Verdict): boolean {
  return verdict === 'genuine' || verdict === 'registered' || verdict === 'revoked';
}
