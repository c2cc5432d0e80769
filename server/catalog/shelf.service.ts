import { setImmediate as othersTurn } from 'node:timers/promises';
import type { Cooperative, Cooperatives } from '../cooperatives/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { localDay } from '../platform/views/index.ts';
import './catalog.facts.ts';
import type { ShelfItem } from './catalog.rules.ts';
import type { CatalogStore, ProductStamp } from './catalog.store.ts';
import type { CertificateDoc } from './certificates.model.ts';
import { forEveryLot } from './certificates.rules.ts';
import type { CertificateStore } from './certificates.store.ts';
import type { Claims } from './claims.service.ts';
import { createHorizon } from './horizon.rules.ts';
import type { createShelf } from './shelf.rules.ts';
import type { ShownProduct } from './showing.rules.ts';
import type { Showing } from './showing.service.ts';

/** Products read at a time: decoding them must not hold up the event loop either. */
const SLICE = 100;
/** More than this and the lists are brought up to date between two slices. */
const SETTLE_AFTER = 1_000;
/** How long the event loop is held at most, give or take one product. */
const HOLD_MS = 4;

/** Keeps a shelf in step with the database. */
export function createShelfKeeper(deps: {
  store: CatalogStore;
  certificates: CertificateStore;
  claims: Claims;
  showing: Showing;
  cooperatives: Cooperatives;
  bus: Bus;
  clock: Clock;
  shelf: ReturnType<typeof createShelf>;
}) {
  const { store, certificates, claims, showing, cooperatives, bus, clock, shelf } = deps;
  const horizon = createHorizon();
  /** The day and the rules that the shelf was last made for. */
  let madeFor: { day: string; rules: string } | undefined;
  let current: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  async function read(): Promise<void> {
    const startedAt = performance.now();
    await claims.refresh();
    const wanted = { day: localDay(clock.now()), rules: claims.stamp() };
    const anew = madeFor !== undefined && madeFor.rules !== wanted.rules;
    const stamps = await store.stampsSince(anew ? undefined : horizon.since(clock.now()));
    const news = stamps.filter(({ _id, updatedAt }) => anew || shelf.isNews(_id, updatedAt));
    if (!anew) news.push(...(await turned(wanted.day, news)));
    if (news.length > 0) await takeIn(news);
    madeFor = wanted;
    horizon.advance(startedAt, stamps.at(-1)?.updatedAt);
  }

  /** Products of which a certificate has begun or run out with the day. */
  async function turned(day: string, known: readonly ProductStamp[]): Promise<ProductStamp[]> {
    if (madeFor === undefined || madeFor.day >= day) return [];
    const skus = await certificates.turningBetween(madeFor.day, day);
    if (skus.length === 0) return [];
    const ids = new Set(known.map(({ _id }) => _id));
    return (await store.stampsOfSkus(skus)).filter(({ _id }) => !ids.has(_id));
  }

  async function takeIn(news: readonly ProductStamp[]): Promise<void> {
    const coops = new Map((await cooperatives.list()).map((coop) => [coop._id, coop]));
    const rest = createRest();
    const slugs: string[] = [];
    try {
      for (let start = 0; start < news.length; start += SLICE) {
        const docs = await store.byIds(news.slice(start, start + SLICE).map(({ _id }) => _id));
        const proofs = await certificates.ofSkus(
          docs.flatMap(({ variants }) => variants.map(({ sku }) => sku)),
        );
        const proofsOf = bySku(proofs);
        for (const doc of docs) {
          const coop = coops.get(doc.cooperative);
          if (!coop) continue;
          const skus = doc.variants.map(({ sku }) => sku);
          showing.learn(skus, [...new Set(skus.flatMap((sku) => proofsOf.get(sku) ?? []))]);
          const shown = showing.show(doc, localDay(clock.now()));
          shelf.put(toItem(shown, coop), shown);
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

function bySku(docs: readonly CertificateDoc[]): Map<string, CertificateDoc[]> {
  const found = new Map<string, CertificateDoc[]>();
  for (const doc of docs) for (const sku of doc.skus) found.set(sku, [...(found.get(sku) ?? []), doc]);
  return found;
}

function toItem(product: ShownProduct, coop: Cooperative): ShelfItem {
  return {
    id: product._id,
    slug: product.slug,
    cooperative: { slug: coop.slug, name: coop.name },
    category: product.category,
    name: product.name,
    tagline: product.tagline,
    image: product.image,
    imageAlt: product.imageAlt,
    certificates: forEveryLot(product.certificates),
    variants: product.variants.map(({ sku, priceFen }) => ({ sku, priceFen })),
    position: product.position,
    createdAt: product.createdAt,
  };
}
