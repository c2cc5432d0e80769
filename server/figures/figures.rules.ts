/** Where somebody came from, as far as their browser tells. */
export const SOURCES = ['card', 'mail', 'calendar', 'shop', 'elsewhere', 'direct'] as const;
export type Source = (typeof SOURCES)[number];

/** `look`: opened a product in the room. `buy`: tapped its buy button. */
export const TAPS = ['look', 'buy'] as const;
export type Tap = (typeof TAPS)[number];

export const MINUTE_MS = 60_000;

/** One minute of a live, as it was recorded while it went on. */
export interface Minute {
  at: Date;
  /** The most people in the room at one time, by process. */
  people: Record<string, number>;
  taps: Record<string, Partial<Record<Tap, number>>>;
}

/** An order as figures need it. Money in fen. */
export interface SaleFigure {
  buyer: string;
  at: Date;
  paid: boolean;
  paidFen: number;
  refundedFen: number;
  lines: { sku: string; cooperative: string; qty: number; goodsFen: number; returned: number }[];
}

export interface TurnFigure {
  host: string;
  name: string;
  from: Date;
  to: Date | null;
}

/** Sums of a group of orders. */
export interface Sums {
  orders: number;
  paidOrders: number;
  /** What arrived, shipping included. */
  paidFen: number;
  /** What of it went back. */
  refundedFen: number;
}

export interface ProductFigures {
  sku: string;
  cooperative: string | null;
  looks: number;
  buys: number;
  orders: number;
  pieces: number;
  paidPieces: number;
  /** Goods that were paid for, after discounts, without shipping. */
  paidGoodsFen: number;
  returnedPieces: number;
}

export interface HostFigures extends Sums {
  name: string;
  /** Minutes on air. */
  minutes: number;
  peak: number;
}

export interface MinuteFigures {
  at: Date;
  people: number;
  orders: number;
  paidFen: number;
}

export interface Tally {
  sums: Sums;
  /** Different people whose money arrived. */
  payers: number;
  peak: number;
  looks: number;
  buys: number;
  products: ProductFigures[];
  hosts: HostFigures[];
  minutes: MinuteFigures[];
}

export function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS);
}

/** Several processes see different people; each says how many it had. */
export function peopleIn({ people }: Pick<Minute, 'people'>): number {
  return Object.values(people).reduce((sum, count) => sum + count, 0);
}

const noSums = (): Sums => ({ orders: 0, paidOrders: 0, paidFen: 0, refundedFen: 0 });

/** Adds up a live: orders one by one as they are read, then what was recorded minute by minute. */
export function createTally(turns: readonly TurnFigure[]) {
  const sums = noSums();
  const payers = new Set<string>();
  const products = new Map<string, ProductFigures>();
  const byTurn = turns.map(noSums);
  const byMinute = new Map<number, { orders: number; paidFen: number }>();

  function productOf(sku: string): ProductFigures {
    const known = products.get(sku);
    if (known) return known;
    const fresh = {
      ...{ sku, cooperative: null, looks: 0, buys: 0, orders: 0 },
      ...{ pieces: 0, paidPieces: 0, paidGoodsFen: 0, returnedPieces: 0 },
    };
    products.set(sku, fresh);
    return fresh;
  }

  return {
    add(sale: SaleFigure) {
      addTo(sums, sale);
      if (sale.paid) payers.add(sale.buyer);
      const turn = byTurn[turnAt(turns, sale.at)];
      if (turn) addTo(turn, sale);
      const key = minuteOf(sale.at).getTime();
      const minute = byMinute.get(key) ?? { orders: 0, paidFen: 0 };
      byMinute.set(key, { orders: minute.orders + 1, paidFen: minute.paidFen + sale.paidFen });
      for (const line of sale.lines) addLine(productOf(line.sku), line, sale.paid);
    },

    close(recorded: readonly Minute[]): Tally {
      for (const { taps } of recorded) {
        for (const [sku, { look = 0, buy = 0 }] of Object.entries(taps)) {
          const product = productOf(sku);
          product.looks += look;
          product.buys += buy;
        }
      }
      const all = [...products.values()];
      return {
        sums,
        payers: payers.size,
        peak: Math.max(0, ...recorded.map(peopleIn)),
        looks: sum(all, ({ looks }) => looks),
        buys: sum(all, ({ buys }) => buys),
        products: all.sort((a, b) => b.paidGoodsFen - a.paidGoodsFen || (a.sku < b.sku ? -1 : 1)),
        hosts: hostsOf(turns, byTurn, recorded),
        minutes: minutesOf(recorded, byMinute),
      };
    },
  };
}

function addTo(sums: Sums, { paid, paidFen, refundedFen }: SaleFigure) {
  sums.orders += 1;
  sums.paidOrders += paid ? 1 : 0;
  sums.paidFen += paidFen;
  sums.refundedFen += refundedFen;
}

function addLine(product: ProductFigures, line: SaleFigure['lines'][number], paid: boolean) {
  product.cooperative = line.cooperative;
  product.orders += 1;
  product.pieces += line.qty;
  product.returnedPieces += line.returned;
  if (!paid) return;
  product.paidPieces += line.qty;
  product.paidGoodsFen += line.goodsFen;
}

/** The turn in which it happened; what came a moment after the end belongs to the last one. */
function turnAt(turns: readonly TurnFigure[], at: Date): number {
  const found = turns.findIndex(({ from, to }) => from <= at && (to === null || at < to));
  return found >= 0 ? found : turns.length - 1;
}

/** By host, in the order of their first turn: whoever came back has one row. */
function hostsOf(turns: readonly TurnFigure[], sums: readonly Sums[], recorded: readonly Minute[]) {
  const hosts = new Map<string, HostFigures>();
  const lastMinute = recorded.at(-1)?.at ?? null;
  turns.forEach((turn, place) => {
    const to = turn.to ?? lastMinute ?? turn.from;
    const during = recorded.filter(({ at }) => at >= minuteOf(turn.from) && at <= to);
    const before = hosts.get(turn.host) ?? { ...noSums(), name: turn.name, minutes: 0, peak: 0 };
    const own = sums[place] ?? noSums();
    hosts.set(turn.host, {
      name: before.name,
      minutes: before.minutes + Math.max(0, Math.round((to.getTime() - turn.from.getTime()) / MINUTE_MS)),
      peak: Math.max(before.peak, ...during.map(peopleIn)),
      orders: before.orders + own.orders,
      paidOrders: before.paidOrders + own.paidOrders,
      paidFen: before.paidFen + own.paidFen,
      refundedFen: before.refundedFen + own.refundedFen,
    });
  });
  return [...hosts.values()];
}

/** Every minute in which there was somebody or something, in order. */
function minutesOf(
  recorded: readonly Minute[],
  byMinute: ReadonlyMap<number, { orders: number; paidFen: number }>,
): MinuteFigures[] {
  const people = new Map(recorded.map((minute) => [minute.at.getTime(), peopleIn(minute)]));
  return [...new Set([...people.keys(), ...byMinute.keys()])]
    .sort((a, b) => a - b)
    .map((time) => ({
      at: new Date(time),
      people: people.get(time) ?? 0,
      ...(byMinute.get(time) ?? { orders: 0, paidFen: 0 }),
    }));
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

/**
 * Makes a long time fit a picture: `count` spans of equal length, each with the highest value in it, so that no peak
 * is smoothed away.
 */
export function thinned(points: readonly { at: Date; value: number }[], count: number): number[] {
  const first = points[0]?.at.getTime();
  const last = points.at(-1)?.at.getTime();
  if (first === undefined || last === undefined) return [];
  const length = Math.min(count, Math.floor((last - first) / MINUTE_MS) + 1);
  const spans = Array.from({ length }, () => 0);
  const width = (last - first) / length || 1;
  for (const { at, value } of points) {
    const place = Math.min(length - 1, Math.floor((at.getTime() - first) / width));
    spans[place] = Math.max(spans[place] ?? 0, value);
  }
  return spans;
}

/**
 * A table as RFC 4180 has it, with the mark that tells spreadsheets it is UTF-8. A cell that a spreadsheet would take
 * for a formula gets an apostrophe before it.
 */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) => {
    if (typeof value === 'number') return String(value);
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
