/**
 * What an assistant may do, each on its own.
 *
 * - `pin`: lay products on the table and take them off
 * - `answer`: speak for the house, pin answers, tick questions off
 * - `moderate`: delete messages, mute and ban, decide reports, set the rules of the chat
 * - `stock`: what moves pieces: flash offers, coupons, draws, callouts of what is left
 * - `relay`: take the live over as its next host
 */
export const RIGHTS = ['pin', 'answer', 'moderate', 'stock', 'relay'] as const;
export type Right = (typeof RIGHTS)[number];

/** Each member is carried along by every reading of the live. */
export const MAX_CREW = 20;

export interface CrewMember {
  /** Stands for the member on pages and wires, where a person's id has no business. */
  id: string;
  person: string;
  name: string;
  rights: readonly Right[];
  /** Who invited them, and when. */
  by: string;
  at: Date;
}

export interface Turn {
  host: string;
  name: string;
  from: Date;
  /** null while it is their turn. */
  to: Date | null;
}

/** A live that is offered to the next host; whoever accepts first has it. */
export interface Handover {
  id: string;
  /** Only for this member; null: for anybody who may take over. */
  to: string | null;
  toName: string | null;
  by: string;
  byName: string;
  at: Date;
}

export interface Crewed {
  host: string;
  hostName: string;
  crew?: readonly CrewMember[] | undefined;
  turns?: readonly Turn[] | undefined;
  handover?: Handover | null | undefined;
}

/** A ten-hour day has a handful; more than this is somebody playing with the button. */
export const MAX_TURNS = 100;

export function memberOf(live: Pick<Crewed, 'crew'>, person: string): CrewMember | undefined {
  return live.crew?.find((member) => member.person === person);
}

/** Whoever is on air now; before and after a broadcast, whose live it is. */
export function actingHost(live: Pick<Crewed, 'host' | 'turns'>): string {
  return live.turns?.find(({ to }) => to === null)?.host ?? live.host;
}

export function actingName(live: Pick<Crewed, 'hostName' | 'turns'>): string {
  return live.turns?.find(({ to }) => to === null)?.name ?? live.hostName;
}

/** The turns after the one that runs has ended at `at`, and with the next host's when there is one. */
export function turnsAfter(turns: readonly Turn[], at: Date, next?: { host: string; name: string }): Turn[] {
  const ended = turns.map((turn) => (turn.to === null ? { ...turn, to: at } : turn));
  return next ? [...ended, { ...next, from: at, to: null }] : ended;
}
