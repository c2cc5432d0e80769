/** How long before its beginning people are reminded of a live, in ms. */
export const AHEAD_MS = 15 * 60_000;

/** One that began so long ago is not announced any more. */
export const LATE_MS = 10 * 60_000;

export function reminderId(live: string, person: string): string {
  return `${live}:${person}`;
}

/** Asking for it twice is asking once; another beginning is another mail. */
export function reminderMailId(live: string, person: string, startsAt: Date): string {
  return `reminder:${live}:${person}:${startsAt.getTime()}`;
}

export interface Remindable {
  state: string;
  startsAt: Date;
  startedAt: Date | null;
}

/** Whether there is something to be reminded of now. */
export function isDue({ state, startsAt, startedAt }: Remindable, now: Date): boolean {
  if (state === 'scheduled') {
    const ahead = startsAt.getTime() - now.getTime();
    return ahead <= AHEAD_MS && ahead > -LATE_MS;
  }
  return state === 'live' && startedAt !== null && now.getTime() - startedAt.getTime() <= LATE_MS;
}
