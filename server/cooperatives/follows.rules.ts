export const FOLLOW_KINDS = ['cooperative', 'host'] as const;
export type FollowKind = (typeof FOLLOW_KINDS)[number];

/** Whom somebody follows. */
export interface Followed {
  kind: FollowKind;
  /** A cooperative's id, or a host's. */
  target: string;
}

/** One person follows one other once. */
export function followId({ kind, target }: Followed, person: string): string {
  return `${kind}:${target}:${person}`;
}
