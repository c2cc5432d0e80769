import type { EncoderFault, Via } from './gate.rules.ts';

/** Who is on air with a key, and when something was last heard of them. */
export interface Claim {
  connection: string;
  via: Via;
  address: string;
  since: Date;
  heardAt: Date;
}

export interface StreamKey {
  /** The live's id: a live has one key at a time. */
  _id: string;
  /** SHA-256 of the key, in hex; null once it is revoked. The key itself is nowhere. */
  hash: string | null;
  /** Its last four characters, to tell one from another. */
  hint: string;
  madeAt: Date;
  madeBy: string;
  expiresAt: Date;
  claim: Claim | null;
  /** Why the last connection was ended by us. */
  lastFault: { fault: EncoderFault; at: Date } | null;
}

/** As long as a live can be planned ahead. */
export const KEY_DAYS = 90;

/** After so much silence the same encoder may come again over a new connection: its network was gone. */
export const RETURN_MS = 2_500;
/** After so much silence somebody else may. */
export const ABANDONED_MS = 10_000;

/** Whether a connection that comes from `address` may be on air with a key that is claimed. */
export function mayTakeOver(claim: Claim | null, address: string, now: Date): boolean {
  if (!claim) return true;
  const silence = now.getTime() - claim.heardAt.getTime();
  return silence >= (claim.address === address ? RETURN_MS : ABANDONED_MS);
}

export type KeyState = 'none' | 'ready' | 'on_air' | 'revoked' | 'expired';

export function keyState(key: StreamKey | null, now: Date): KeyState {
  if (!key) return 'none';
  if (key.hash === null) return 'revoked';
  if (key.expiresAt <= now) return 'expired';
  return key.claim && now.getTime() - key.claim.heardAt.getTime() < ABANDONED_MS ? 'on_air' : 'ready';
}
