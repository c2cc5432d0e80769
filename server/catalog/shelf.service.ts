import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Cooperative, Cooperatives } from '../cooperatives/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import './catalog.facts.ts';
import type { ProductDoc } from './catalog.model.ts';
import type { ShelfItem } from './catalog.rules.ts';
import type { CatalogStore, ProductStamp } from './catalog.store.ts';
import { createHorizon } from './horizon.rules.ts';
import type { createShelf } from './shelf.rules.ts';

/** Products read at a time: decoding them must not hold up the event loop either. */
const SLICE = 100;
/** More than this and the lists are brought up to date between two slices. */
const SETTLE_AFTER = 1_000;
/** How long the event loop is held at most, give or take one product. */
const HOLD_MS = 4;

/** Keeps a shelf in step with the database. */
export function createShelfKeeper(deps: {
  store: CatalogStore;
  cooperatives: Cooperatives;
  bus: Bus;
  clock: Clock;
  shelf: ReturnType<typeof createShelf>;
}) {
  const { store, cooperatives, bus, clock, shelf } = deps;
  const horizon = createHorizon();
  let current: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  async function read(): Promise<void> {
    const startedAt = performance.now();
    const stamps = await store.stampsSince(horizon.since(clock.now()));
    const news = stamps.filter(({ _id, updatedAt }) => shelf.isNews(_id, updatedAt));
    if (news.length > 0) await takeIn(news);
    horizon.advance(startedAt, stamps.at(-1)?.updatedAt);
  }

  async function takeIn(news: readonly ProductStamp[]): Promise<void> {
    const coops = new Map((await cooperatives.list()).map((coop) => [coop._id, coop]));
    const rest = createRest();
    const slugs: string[] = [];
    try {
      for (let start = 0; start < news.length; start += SLICE) {
        for (const doc of await store.byIds(news.slice(start, start + SLICE).map(({ _id }) => _id))) {
          const coop = coops.get(doc.cooperative);
          if (!coop) continue;
          shelf.put(toItem(doc, coop), doc);
          slugs.push(doc.slug);
          await rest();
        }
        if (shelf.unsettled() >= SETTLE_AFTER) await settle(rest);
      }
    } finally {
      await settle(rest);
      if (slugs.length > 0) bus.tell('catalog.changed', { slugs });
    }
  }

  async function settle(rest: () => Promise<void>) {
    for (const _ of shelf.settle()) await rest();
  }

  function begin(): Promise<void> {
    current = read().finally(() => (current = undefined));
    return current;
  }

  return {
    /**
     * Resolves when everything that was stored before the call is on the shelf. One reading at a time: two that
     * overlap could put an older version over a newer one. Callers that wait share the next one.
     */
    refresh(): Promise<void> {
      if (!current) return begin();
      following ??= current
        .catch(() => {})
        .then(() => {
          following = undefined;
          return begin();
        });
      return following;
    },
  };
}

/** Leaves the event loop to others when it has been held long enough. */
function createRest() {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < HOLD_MS) return;
    await othersTurn();
    since = performance.now();
  };
}

function toItem(product: ProductDoc, coop: Cooperative): ShelfItem {
  return {
    id: product._id,
    slug: product.slug,
    cooperative: { slug: coop.slug, name: coop.name },
    category: product.category,
    name: product.name,
    tagline: product.tagline,
    image: product.image,
    imageAlt: product.imageAlt,
    certificates: product.certificates,
    variants: product.variants.map(({ sku, priceFen }) => ({ sku, priceFen })),
    position: product.position,
    createdAt: product.createdAt,
  };
}
