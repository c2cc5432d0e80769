/** Something that lies in a cart, with its price as it was when it was put in. */
export interface CartLine {
  sku: string;
  qty: number;
  /** Fen a piece when it was put in: what it costs is asked anew every time. */
  priceFen: number;
  addedAt: Date;
}

/** As many kinds as one order may have, and as many pieces of each. */
export const MOST_LINES = 50;
export const MOST_PIECES = 99;

export type CartChange =
  /** `add` to what is there; `set` replaces it, 0 takes it out. */
  { kind: 'add' | 'set'; sku: string; qty: number; priceFen: number; now: Date };

/** @returns the lines after it, or `full` */
export function changeCart(lines: readonly CartLine[], change: CartChange): CartLine[] | 'full' {
  const known = lines.find(({ sku }) => sku === change.sku);
  const wanted = change.kind === 'add' ? (known?.qty ?? 0) + change.qty : change.qty;
  if (wanted <= 0) return lines.filter(({ sku }) => sku !== change.sku);
  const qty = Math.min(MOST_PIECES, wanted);
  const line = { sku: change.sku, qty, priceFen: change.priceFen, addedAt: known?.addedAt ?? change.now };
  if (known) return lines.map((one) => (one === known ? line : one));
  return lines.length >= MOST_LINES ? 'full' : [...lines, line];
}

/** The cart of a guest goes into that of the person they turned out to be; the older line of a product stays. */
export function mergeCarts(own: readonly CartLine[], guests: readonly CartLine[]): CartLine[] {
  const merged = own.map((line) => ({ ...line }));
  for (const line of guests) {
    const known = merged.find(({ sku }) => sku === line.sku);
    if (known) known.qty = Math.min(MOST_PIECES, known.qty + line.qty);
    else if (merged.length < MOST_LINES) merged.push({ ...line });
  }
  return merged;
}

/** What has been ordered goes; what was put in since stays. */
export function withoutOrdered(
  lines: readonly CartLine[],
  ordered: readonly { sku: string; qty: number }[],
): CartLine[] {
  return lines.flatMap((line) => {
    const gone = ordered.find(({ sku }) => sku === line.sku)?.qty ?? 0;
    return line.qty > gone ? [{ ...line, qty: line.qty - gone }] : [];
  });
}

/** What is different from when it was put in. */
export type CartNews =
  | { kind: 'gone' }
  | { kind: 'sold_out' }
  | { kind: 'fewer'; left: number }
  | { kind: 'dearer' | 'cheaper'; wasFen: number };

export function newsOf(line: CartLine, now: { priceFen: number; available: number } | undefined): CartNews[] {
  if (!now) return [{ kind: 'gone' }];
  const news: CartNews[] = [];
  if (now.available === 0) news.push({ kind: 'sold_out' });
  else if (now.available < line.qty) news.push({ kind: 'fewer', left: now.available });
  if (now.priceFen !== line.priceFen) {
    news.push({ kind: now.priceFen > line.priceFen ? 'dearer' : 'cheaper', wasFen: line.priceFen });
  }
  return news;
}
