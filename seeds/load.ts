import type { Context } from '../server/context.ts';
import { addDays } from '../server/stock/index.ts';
import { localDay } from '../server/platform/views/index.ts';
import { cooperatives, lives, products } from './content/index.ts';
import { addPapers } from './papers.ts';
import { addRoads } from './roads.ts';

export const DEMO_PASSWORD = 'demo-1234';

const LOGINS = {
  shopper: { login: 'shopper@demo.test', name: '山里人', roles: ['shopper'] },
  host: { login: 'host@demo.test', name: '黄沙坪直播间', roles: ['shopper', 'host'] },
  coop: { login: 'coop@demo.test', name: '合作社仓库', roles: ['shopper', 'coop'] },
  admin: { login: 'admin@demo.test', name: '山乡管理员', roles: ['shopper', 'admin'] },
} as const;

/** Cooperatives whose desk the demonstration member keeps. */
const MEMBER_OF = ['huangshaping', 'huifeng'];

const HOUR = 3_600_000;

/** When each live of the demonstration begins, in hours from now; the one with a negative number runs, or has ended. */
const LIVE_TIMES: Record<string, { startsInHours: number; state: 'live' | 'scheduled' | 'ended' }> = {
  'huangshaping-market': { startsInHours: -2, state: 'live' },
  'honey-morning': { startsInHours: 20, state: 'scheduled' },
  'citrus-harvest': { startsInHours: 46, state: 'scheduled' },
  'tea-evening': { startsInHours: -26, state: 'ended' },
};

/**
 * Puts the demonstration shop into an empty database, through the services as people would.
 *
 * @returns false when there is a catalog already
 */
export async function loadDemo(ctx: Context): Promise<boolean> {
  if ((await ctx.cooperatives.list()).length > 0) return false;
  const people = await addPeople(ctx);
  await addCatalog(ctx, people.coop.id);
  await addRoads(ctx, people.coop.id);
  await addPapers(ctx, people.coop.id);
  await addLives(ctx, people.host);
  await addCoupon(ctx, people.admin.id);
  await ctx.catalog.refresh();
  return true;
}

async function addPeople(ctx: Context) {
  const add = ({ login, name, roles }: (typeof LOGINS)[keyof typeof LOGINS]) =>
    ctx.accounts.create({ login, name, password: DEMO_PASSWORD }, { roles: [...roles], demo: true });
  const [shopper, host, coop, admin] = await Promise.all([
    add(LOGINS.shopper),
    add(LOGINS.host),
    add(LOGINS.coop),
    add(LOGINS.admin),
  ]);
  return { shopper, host, coop, admin };
}

async function addCatalog(ctx: Context, memberId: string) {
  const ids = new Map<string, string>();
  for (const content of cooperatives) {
    const coop = await ctx.cooperatives.add(content);
    ids.set(content.slug, coop._id);
    if (MEMBER_OF.includes(content.slug)) await ctx.cooperatives.addMember(coop._id, memberId);
  }
  await ctx.catalog.add(products);
  const today = localDay(ctx.clock.now());
  const by = { id: memberId, cooperatives: [...ids.values()] };
  const lots = products.flatMap((product, productIndex) =>
    product.variants.flatMap((variant, index) => demoLots(variant.sku, product, today, productIndex + index)),
  );
  for (const lot of lots) await ctx.stock.receive(lot, by);
}

/** Two lots of each variant: the older one smaller, so that it is soon seen to run out first. */
function demoLots(sku: string, product: (typeof products)[number], today: string, salt: number) {
  const life = product.shelfLifeDays;
  return [0, 1].map((turn) => {
    const age = turn === 0 ? Math.floor(life * 0.3) : Math.floor(life * 0.05);
    const madeOn = addDays(today, -Math.max(1, age));
    return {
      sku,
      code: `${sku.slice(0, 14)}-${turn === 0 ? 'A' : 'B'}${String(salt).padStart(2, '0')}`,
      qty: turn === 0 ? 18 + ((salt * 7) % 40) : 120 + ((salt * 13) % 150),
      madeOn,
      bestBefore: addDays(madeOn, life),
    };
  });
}

/** One coupon to be dropped in the running live: five yuan off from thirty on. */
async function addCoupon(ctx: Context, adminId: string) {
  const now = ctx.clock.now().getTime();
  await ctx.coupons.make(
    {
      ...{ code: 'SHANXIANG5', kind: 'fixed', amountFen: 500, percent: 0, capFen: null, minSpendFen: 3_000 },
      ...{ cooperative: null, scope: { kind: 'all' }, total: 500, perPerson: 2, held: true },
      ...{ from: new Date(now - HOUR), until: new Date(now + 90 * 24 * HOUR) },
    },
    { id: adminId, admin: true, cooperatives: [] },
  );
}

async function addLives(ctx: Context, host: Awaited<ReturnType<typeof addPeople>>['host']) {
  for (const content of lives) {
    const time = LIVE_TIMES[content.slug];
    if (!time) throw new Error(`no time for the live ${content.slug}`);
    const live = await ctx.lives.schedule(
      {
        id: content.slug,
        title: content.title,
        intro: content.intro,
        poster: content.poster,
        startsAt: new Date(ctx.clock.now().getTime() + time.startsInHours * HOUR),
        rail: content.rail,
      },
      host,
    );
    if (time.state === 'scheduled') continue;
    await ctx.lives.start(live._id, host);
    for (const { name, text } of content.chat) {
      await ctx.lives.say(live._id, text, { id: `demo:${name}`, guest: false, name, roles: [], ids: [] });
    }
    const first = content.rail[0];
    if (time.state === 'live' && first) await ctx.lives.pin(live._id, { sku: first }, host);
    if (time.state === 'ended') await ctx.lives.stop(live._id, host);
  }
}
