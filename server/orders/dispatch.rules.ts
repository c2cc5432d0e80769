/** What a cooperative promises about sending: it holds for every parcel, whatever is in it. */
export interface DispatchTerms {
  /** Days until the parcel is with its carrier, from the day that an order counts for; 0: the same day. */
  days: number;
  /** Beijing hour (1 to 24) until which an order counts for the day on which it is placed. */
  cutOffHour: number;
  /** The first day of packing after harvest or a feast; null: every day is one. */
  resumesOn: string | null;
}

/** Where a cooperative has not said otherwise: within two days, which is what buyers on the great platforms expect. */
export const DEFAULT_DISPATCH: DispatchTerms = { days: 2, cutOffHour: 16, resumesOn: null };

/** The last day (ISO 8601, Beijing) on which something leaves the cooperative. */
export interface ShipPromise {
  by: string;
  /** It is sold before it is there to be sent. */
  presale: boolean;
}

const BEIJING_MS = 8 * 3_600_000;
const DAY_MS = 24 * 3_600_000;

/**
 * By when something that is ordered at this instant is sent. The seller is held to it (E-Commerce Law of the PRC,
 * article 20), so that it is the latest of what is true: the day the order counts for, the day packing begins again,
 * and the day the goods are there; and the days of packing after that.
 *
 * @param readyOn the day from which the pieces can be sent; left out: they are there
 */
export function shipPromise(
  terms: DispatchTerms,
  { at, readyOn }: { at: Date; readyOn?: string | undefined },
): ShipPromise {
  const here = new Date(at.getTime() + BEIJING_MS);
  const today = dayOf(here.getTime());
  const counts = here.getUTCHours() < terms.cutOffHour ? today : plus(today, 1);
  const from = [counts, terms.resumesOn ?? '', readyOn ?? ''].reduce((a, b) => (a > b ? a : b));
  return { by: plus(from, terms.days), presale: readyOn !== undefined && readyOn > today };
}

interface ReadyLot {
  available: number;
  readyOn?: string | undefined;
}

/** The day from which so many pieces can be sent, taken lot by lot as they are sold; undefined: they are there. */
export function readyFor(lots: readonly ReadyLot[], qty: number): string | undefined {
  let missing = qty;
  let latest: string | undefined;
  for (const { available, readyOn } of lots) {
    if (missing <= 0) break;
    missing -= available;
    if (readyOn !== undefined && (latest === undefined || readyOn > latest)) latest = readyOn;
  }
  return latest;
}

/** The line of an order with what is promised for the very lots that it got. */
export function promiseLine<T extends { cooperative: string; lots: readonly { lot: string }[] }>(
  line: T,
  known: { termsOf: (cooperative: string) => DispatchTerms; readyOn: ReadonlyMap<string, string>; at: Date },
): T & { shipsBy: string } {
  const days = line.lots.flatMap(({ lot }) => known.readyOn.get(lot) ?? []);
  const readyOn = days.toSorted().at(-1);
  return { ...line, shipsBy: shipPromise(known.termsOf(line.cooperative), { at: known.at, readyOn }).by };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function plus(day: string, days: number): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS);
}
