/** The rail after one product has changed places with its neighbour; at an end it stays. */
export function moved(rail: readonly string[], { sku, by }: { sku: string; by: number }): string[] {
  const from = rail.indexOf(sku);
  const to = from + by;
  if (from < 0 || to < 0 || to >= rail.length) return [...rail];
  const next = [...rail];
  [next[from], next[to]] = [next[to]!, next[from]!];
  return next;
}
