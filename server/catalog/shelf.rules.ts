import type { ProductDoc } from './catalog.model.ts';
import {
  CATEGORY_WORDS,
  compareItems,
  SORTS,
  matchesFilter,
  type ShelfFilter,
  type ShelfItem,
  type Sort,
} from './catalog.rules.ts';
import { createSearchIndex } from './search/index.rules.ts';

type ShelvedProduct = Omit<ProductDoc, 'certificates'>;

export interface ShelfQuery extends ShelfFilter {
  q: string;
  sort: Sort;
  limit: number;
  cursor?: string | undefined;
}

export interface ShelfPage {
  items: ShelfItem[];
  nextCursor: string | null;
  total: number;
}

/**
 * What lists and the search read: a compact picture of the catalog in memory, made again from the database at every
 * start. A cursor is the slug of the last item that was shown; one that is gone starts the list again.
 */
export function createShelf() {
  const items = new Map<string, ShelfItem>();
  const slugs = new Map<string, ShelfItem>();
  const versions = new Map<string, number>();
  const search = createSearchIndex();
  /** Every item in every order; those in `unsettled` are not in their places yet. */
  const sorted = new Map<Sort, ShelfItem[]>(SORTS.map((sort) => [sort, []]));
  const unsettled = new Set<ShelfItem>();
  const outdated = new Set<ShelfItem>();

  /** New items are merged in: sorting twenty thousand anew would hold up every request for as long. */
  function merge(sort: Sort) {
    const compare = compareItems(sort);
    const kept = sorted.get(sort)!.filter((item) => !outdated.has(item));
    const merged: ShelfItem[] = [];
    let from = 0;
    for (const item of [...unsettled].sort(compare)) {
      const to = placeOf(item, kept, { from, compare });
      while (from < to) merged.push(kept[from++]!);
      merged.push(item);
    }
    while (from < kept.length) merged.push(kept[from++]!);
    sorted.set(sort, merged);
  }

  function candidates(query: ShelfQuery): ShelfItem[] {
    if (query.q.trim() === '') return sorted.get(query.sort)!;
    const hits = search.query(query.q, { limit: 1000 });
    const found = hits.flatMap(({ id }) => items.get(id) ?? []);
    // Asked for words, "recommended" means what fits them best.
    return query.sort === 'recommended' ? found : found.sort(compareItems(query.sort));
  }

  return {
    isNews: (id: string, updatedAt: Date) => versions.get(id) !== updatedAt.getTime(),

    /** Found by its words at once, and in its place of the lists after `settle`. */
    put(item: ShelfItem, doc: ShelvedProduct) {
      const before = items.get(item.id);
      if (before && !unsettled.delete(before)) outdated.add(before);
      if (before && before.slug !== item.slug) slugs.delete(before.slug);
      unsettled.add(item);
      items.set(item.id, item);
      slugs.set(item.slug, item);
      versions.set(item.id, doc.updatedAt.getTime());
      const words = CATEGORY_WORDS[item.category];
      search.put({
        id: item.id,
        name: item.name,
        aliases: [...doc.aliases, ...doc.variants.map(({ sku }) => sku)],
        cooperative: item.cooperative.name,
        origin: doc.origin,
        category: [...words['zh-CN'].split(' '), ...words.en.split(' ')],
        text: [item.tagline['zh-CN'], item.tagline.en, doc.story['zh-CN'], doc.story.en].join('\n'),
        weight: 1 / (1 + item.position),
      });
    },

    /** How many items wait for `settle`. */
    unsettled: () => unsettled.size,

    /** Brings the lists up to date, in as many steps as there are orders; the caller may rest between them. */
    *settle(): Generator<void> {
      for (const sort of SORTS) {
        merge(sort);
        yield;
      }
      unsettled.clear();
      outdated.clear();
    },

    bySlugs: (wanted: readonly string[]) => wanted.flatMap((slug) => slugs.get(slug) ?? []),

    list(query: ShelfQuery, today: string): ShelfPage {
      const matching = candidates(query).filter((item) => matchesFilter(item, query, today));
      const start = query.cursor ? matching.findIndex(({ slug }) => slug === query.cursor) + 1 : 0;
      const page = matching.slice(start, start + query.limit);
      const more = start + page.length < matching.length;
      return { items: page, nextCursor: more ? (page.at(-1)?.slug ?? null) : null, total: matching.length };
    },
  };
}

/** Where in a sorted list an item belongs, at `from` or later. */
function placeOf(
  item: ShelfItem,
  list: readonly ShelfItem[],
  { from, compare }: { from: number; compare: (a: ShelfItem, b: ShelfItem) => number },
): number {
  let low = from;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(list[middle]!, item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
