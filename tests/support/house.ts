import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { DEFAULT_LANG, type Lang } from '../../server/platform/lang.ts';
import type { Person } from '../../server/accounts/index.ts';
import { newId } from '../../server/platform/ids.ts';
import type { Translate } from '../../server/platform/views/index.ts';
import { launchBrowser } from './browser.ts';
import { openTestShop, type TestShop } from './shop.ts';
import { visit, type Look, type Visitor } from './visitor.ts';

export interface House {
  readonly shop: TestShop;
  /** Opens a browser window for somebody; it is closed, and its complaints are asserted, after the test. */
  come(look?: Look): Promise<Visitor>;
  /** The shop's sentences, so that a test looks for what people read without repeating it. */
  t(key: string, values?: Record<string, unknown>, lang?: Lang): string;
  /** The host of the demonstration. */
  host(): Promise<Person>;
  /** A live that runs, of its own for a test. */
  startLive(rail: string[], more?: { pin?: string; state?: 'scheduled' | 'live' | 'ended' }): Promise<string>;
  left(sku: string): Promise<number>;
  /** Sells pieces outside of every live until so many are left. */
  sellDownTo(sku: string, pieces: number): Promise<void>;
}

/** The demonstration shop and a browser for one test file. Call it inside of the describe that needs them. */
export function useHouse(): House {
  let shop: TestShop;
  let browser: Browser;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    [shop, browser] = await Promise.all([openTestShop({ demo: true }), launchBrowser()]);
  });
  afterEach(async () => {
    const leaving = visitors.splice(0);
    await Promise.all(leaving.map(({ context }) => context.close()));
    expect(leaving.flatMap(({ unexpected }) => unexpected)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });

  return {
    get shop() {
      return shop;
    },
    async come(look = {}) {
      const visitor = await visit(browser, shop.url, look);
      visitors.push(visitor);
      return visitor;
    },
    t: (key, values, lang = DEFAULT_LANG) => translate(shop, lang)(key, values),
    host: () => personOf(shop, 'host@demo.test'),
    startLive: (rail, more = {}) => startLive(shop, rail, more),
    left: (sku) => left(shop, sku),
    sellDownTo: (sku, pieces) => sellDownTo(shop, sku, pieces),
  };
}

const translate = (shop: TestShop, lang: Lang): Translate => shop.ctx.translator.for(lang);

async function personOf(shop: TestShop, login: string): Promise<Person> {
  const person = await shop.ctx.accounts.byLogin(login);
  if (!person) throw new Error(`nobody is called ${login}`);
  return person;
}

async function startLive(
  shop: TestShop,
  rail: string[],
  more: { pin?: string; state?: 'scheduled' | 'live' | 'ended' },
): Promise<string> {
  const { lives, clock } = shop.ctx;
  const host = await personOf(shop, 'host@demo.test');
  const { _id: id } = await lives.schedule(
    {
      title: { 'zh-CN': '试一试的直播', en: 'A live to try things in' },
      intro: { 'zh-CN': '', en: '' },
      poster: 'lives/honey-morning.svg',
      startsAt: new Date(clock.now().getTime() + 3_600_000),
      rail,
    },
    host,
  );
  if (more.state === 'scheduled') return id;
  await lives.start(id, host);
  if (more.pin !== undefined) await lives.pin(id, { sku: more.pin }, host);
  if (more.state === 'ended') await lives.stop(id, host);
  return id;
}

async function left(shop: TestShop, sku: string): Promise<number> {
  return (await shop.ctx.stock.availability([sku])).get(sku) ?? 0;
}

async function sellDownTo(shop: TestShop, sku: string, pieces: number) {
  const id = newId();
  const buyer = { id, guest: true, name: '', roles: [], ids: [id] };
  for (let more = await left(shop, sku); more > pieces; more = await left(shop, sku)) {
    const lines = [{ sku, qty: Math.min(99, more - pieces) }];
    await shop.ctx.orders.place({ clickId: newId(), lines }, buyer);
  }
}
