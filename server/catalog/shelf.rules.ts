import type { ProductDoc } from './catalog.model.ts';
import {
  CATEGORY_WORDS,
  compareItems,
  matchesFilter,
  type ShelfFilter,
  type ShelfItem,
  type Sort,
} from './catalog.rules.ts';
import { createSearchIndex } from './search/index.rules.ts';

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
  const sorted = new Map<Sort, ShelfItem[]>();

  function inOrder(sort: Sort): ShelfItem[] {
    let list = sorted.get(sort);
    if (!list) {
      list = [...items.values()].sort(compareItems(sort));
      sorted.set(sort, list);
    }
    return list;
  }

  function candidates(query: ShelfQuery): ShelfItem[] {
    if (query.q.trim() === '') return inOrder(query.sort);
    const hits = search.query(query.q, { limit: 1000 });
    const found = hits.flatMap(({ id }) => items.get(id) ?? []);
    // Asked for words, "recommended" means what fits them best.
    return query.sort === 'recommended' ? found : found.sort(compareItems(query.sort));
  }

  return {
    isNews: (id: string, updatedAt: Date) => versions.get(id) !== updatedAt.getTime(),

    put(item: ShelfItem, doc: ProductDoc) {
      items.set(item.id, item);
      slugs.set(item.slug, item);
      versions.set(item.id, doc.updatedAt.getTime());
      sorted.clear();
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
