/** What can be ordered, lot by lot, first to expire first. */
export type Shelf = readonly {
  _id: string;
  sku: string;
  available: number;
  cooperative?: string | undefined;
  /** Where it cannot be sent before that day. */
  readyOn?: string | undefined;
}[];

/** Pieces by SKU; SKUs with none are 0. */
export function piecesOn(shelf: Shelf, skus: readonly string[]): Map<string, number> {
  const sums = new Map(skus.map((sku) => [sku, 0]));
  for (const { sku, available } of shelf) sums.set(sku, (sums.get(sku) ?? 0) + available);
  return sums;
}

/** What a lot gave to a batch. */
export interface Take {
  lot: string;
  sku: string;
  qty: number;
  /** The day from which it can be sent, where that has not come. */
  readyOn?: string;
}

export interface Wanted {
  id: string;
  lines: readonly { sku: string; qty: number }[];
}

/** The lots of each line, in the order of the lines. */
export type LineLots = { lot: string; qty: number }[][];

export interface Allocation {
  /** Request id -> the lots of its lines; a request that is not here is refused. */
  granted: Map<string, LineLots>;
  /** What was taken and nobody gets: it goes back. */
  rest: Take[];
}

/**
 * Shares out what a batch could take: first come, first served; a request gets all its lines or none. It depends on
 * nothing but its arguments, so whoever finishes the batch after a crash comes to the same result.
 */
export function allocate(wanted: readonly Wanted[], takes: readonly Take[]): Allocation {
  const left = takes.map((take) => ({ ...take }));
  const granted = new Map<string, LineLots>();
  for (const request of wanted) {
    const lots = grant(request, left);
    if (lots) granted.set(request.id, lots);
  }
  return { granted, rest: left.filter(({ qty }) => qty > 0) };
}

function grant(request: Wanted, left: Take[]): LineLots | undefined {
  const needs = new Map<string, number>();
  for (const { sku, qty } of request.lines) needs.set(sku, (needs.get(sku) ?? 0) + qty);
  for (const [sku, qty] of needs) {
    const there = left.reduce((sum, take) => (take.sku === sku ? sum + take.qty : sum), 0);
    if (there < qty) return undefined;
  }
  return request.lines.map(({ sku, qty }) => takeFrom(left, sku, qty));
}

function takeFrom(left: Take[], sku: string, qty: number): { lot: string; qty: number }[] {
  const lots: { lot: string; qty: number }[] = [];
  let missing = qty;
  for (const take of left) {
    if (missing === 0) break;
    if (take.sku !== sku || take.qty === 0) continue;
    const part = Math.min(missing, take.qty);
    take.qty -= part;
    missing -= part;
    lots.push({ lot: take.lot, qty: part });
  }
  return lots;
}

/** What was taken and no order has: it goes back. It depends on what is there alone, whoever looks, and whenever. */
export function leftOver(takes: readonly Take[], given: readonly { lot: string; qty: number }[]): Take[] {
  const gone = new Map<string, number>();
  for (const { lot, qty } of given) gone.set(lot, (gone.get(lot) ?? 0) + qty);
  return takes
    .map((take) => ({ ...take, qty: take.qty - (gone.get(take.lot) ?? 0) }))
    .filter(({ qty }) => qty > 0);
}
