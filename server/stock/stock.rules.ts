export const LOT_STATES = ['open', 'blocked', 'recalled'] as const;
export type LotState = (typeof LOT_STATES)[number];

/** Days that the way to the customer takes, and that a piece must still be good after. */
export const DAYS_ON_THE_WAY = 5;

/**
 * The last day (ISO 8601) on which pieces of a lot are sold: best before, less the days on the way. Food for a few
 * days is the exception: half of its life is left to the customer.
 */
export function sellUntil(madeOn: string, bestBefore: string): string {
  const life = daysBetween(madeOn, bestBefore);
  return addDays(bestBefore, -Math.min(DAYS_ON_THE_WAY, Math.floor(life / 2)));
}

export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
