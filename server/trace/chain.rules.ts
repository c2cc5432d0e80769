import { createHash } from 'node:crypto';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/**
 * One text for one value (RFC 8785): members sorted by the UTF-16 code units of their names, no white space, numbers
 * and strings as ECMAScript writes them, which is what the RFC prescribes.
 */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256, lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What the first event of a lot has for the hash of the one before it. */
export const GENESIS = '0'.repeat(64);

export interface Link {
  seq: number;
  /** Canonical JSON of the event, the hash of the one before it included. */
  body: string;
  hash: string;
}

export type Break = { seq: number; what: 'missing' | 'changed' | 'cut' };

/**
 * The first place where a chain is not what it was: an event that is missing, one whose text is not the one that was
 * hashed, or one that does not hold the hash of the one before it.
 */
export function firstBreak(
  links: readonly Link[],
  previousOf: (body: string) => string | undefined,
): Break | undefined {
  let previous = GENESIS;
  for (const [at, { seq, body, hash }] of links.entries()) {
    if (seq !== at + 1) return { seq: at + 1, what: 'missing' };
    if (sha256(body) !== hash) return { seq, what: 'changed' };
    if (previousOf(body) !== previous) return { seq, what: 'cut' };
    previous = hash;
  }
  return undefined;
}

const node = (left: string, right: string) =>
  createHash('sha256')
    .update(Buffer.concat([Buffer.of(1), Buffer.from(left, 'hex'), Buffer.from(right, 'hex')]))
    .digest('hex');

/** A leaf and an inner node can never be taken for one another (RFC 6962, 2.1). */
export function leafOf(lot: string, head: string): string {
  return createHash('sha256')
    .update(Buffer.concat([Buffer.of(0), Buffer.from(canonical({ head, lot }))]))
    .digest('hex');
}

/** The largest power of two below n. */
function split(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}

/** RFC 6962's Merkle tree hash over leaves that are hashed already. @returns undefined without any */
export function merkleRoot(leaves: readonly string[]): string | undefined {
  if (leaves.length < 2) return leaves[0];
  const at = split(leaves.length);
  return node(merkleRoot(leaves.slice(0, at))!, merkleRoot(leaves.slice(at))!);
}

export interface ProofStep {
  side: 'left' | 'right';
  hash: string;
}

/** What stands beside a leaf on its way up to the root, from the bottom. */
export function merkleProof(leaves: readonly string[], index: number): ProofStep[] {
  if (leaves.length < 2) return [];
  const at = split(leaves.length);
  const inLeft = index < at;
  const rest = inLeft ? merkleProof(leaves.slice(0, at), index) : merkleProof(leaves.slice(at), index - at);
  const beside = merkleRoot(inLeft ? leaves.slice(at) : leaves.slice(0, at))!;
  return [...rest, { side: inLeft ? 'right' : 'left', hash: beside }];
}

export function rootOf(leaf: string, proof: readonly ProofStep[]): string {
  return proof.reduce(
    (hash, { side, hash: other }) => (side === 'left' ? node(other, hash) : node(hash, other)),
    leaf,
  );
}
