import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client, until } from '../support/client.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let member: Client;
beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  member = new Client(shop.url);
  await member.logIn('coop@demo.test');
});
afterAll(() => shop.close());

const FIELDS = {
  coop: 'huifeng',
  ...{ nameZh: '杨大山', nameEn: 'Yang Dashan', nameShown: 'full' },
  ...{ plotZh: '老屋坪', plotEn: 'Laowuping', townshipZh: '儒林镇', townshipEn: 'Rulin' },
  ...{ lat: '26.38765', lng: '110.32123', mu: '12', plotShown: 'plot' },
  ...{ wordsZh: '慢慢等花开。', wordsEn: 'Flowers take their time.' },
};

function send(path: string, fields: Record<string, string>, picture?: Buffer, who = member) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  if (picture) body.set('picture', new Blob([new Uint8Array(picture)]), 'me.jpg');
  return who.request(path, { method: 'POST', body });
}

const photo = () =>
  sharp({ create: { width: 2400, height: 1600, channels: 3, background: '#4a7' } })
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '26/1 23/1 0/1' } })
    .jpeg()
    .toBuffer();

async function own() {
  const coop = await shop.ctx.cooperatives.bySlug('huifeng');
  return (await shop.ctx.growers.ofCooperative(coop._id)).find(({ name }) => name['zh-CN'] === '杨大山')!;
}

const LOT = 'HNY-500-A00';
const card = async () => (await new Client(shop.url).get(`/trace/${LOT}`)).text();

test('a grower is added with a photograph, which is made smaller and loses where it was taken', async () => {
  expect((await send('/coop/trace/growers', FIELDS, await photo())).status).toBe(303);
  const grower = await own();
  expect(grower.picture).toMatch(/^media:/);
  const src = shop.ctx.media.picture(grower.picture!).src;
  const kept = Buffer.from(await (await new Client(shop.url).get(src)).arrayBuffer());
  const { width, exif } = await sharp(kept).metadata();
  expect(width).toBeLessThanOrEqual(1280);
  expect(exif).toBeUndefined();
  const lot = (await shop.ctx.stock.byCode(LOT))!;
  await shop.ctx.units.setGrowers(lot._id, [grower._id]);
  shop.ctx.pageCache.clear();
  const desk = await (await member.get(`/coop/trace/growers/${grower._id}`)).text();
  // A plot's dot on the map is about a hundred metres big.
  expect(desk).toContain('26.388°');
  const page = await card();
  expect(page).toContain('杨大山');
  expect(page).toContain(src);
});

test('a look at other choices shows what strangers would see, and saves nothing', async () => {
  const grower = await own();
  const choice = { ...FIELDS, nameShown: 'initial', plotShown: 'county', act: 'preview' };
  const page = await (await send(`/coop/trace/growers/${grower._id}`, choice)).text();
  const look = page.slice(page.indexOf('grower-look'), page.indexOf('<form class="form panel"'));
  expect(look).toContain('杨**');
  for (const secret of ['大山', '老屋坪', '儒林镇', '26.3', '慢慢等花开', '<img']) {
    expect(look).not.toContain(secret);
  }
  expect((await own()).nameShown).toBe('full');
});

test('what is hidden is on no page and in no JSON of the lot', async () => {
  const grower = await own();
  const hidden = { ...FIELDS, nameShown: 'hidden', plotShown: 'hidden' };
  expect((await send(`/coop/trace/growers/${grower._id}`, hidden)).status).toBe(303);
  expect((await own()).picture).toBe(grower.picture);
  const secrets = ['杨大山', 'Yang', '老屋坪', '26.38', grower.picture!.split('.')[0]!.slice(6)];
  const isSilent = (text: string) => !secrets.some((secret) => text.includes(secret));
  // What is the same for all units of a lot is kept for two seconds.
  await until(card, isSilent);
  await until(async () => (await new Client(shop.url).get(`/api/trace/${LOT}`)).text(), isSilent);
});

test('a photograph is taken away, and what is no photograph is refused', async () => {
  const grower = await own();
  const path = `/coop/trace/growers/${grower._id}`;
  const refused = await send(path, FIELDS, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  expect(refused.status).toBeGreaterThanOrEqual(400);
  expect(await refused.text()).toContain('老屋坪');
  expect((await send(path, FIELDS, Buffer.alloc(9 * 1024 * 1024))).status).toBe(413);
  expect((await own()).picture).toBe(grower.picture);
  expect((await send(path, { ...FIELDS, withoutPicture: 'yes' })).status).toBe(303);
  expect((await own()).picture).toBeNull();
});

test('another cooperative’s growers do not exist, and nobody without a desk has any', async () => {
  const tea = await shop.ctx.cooperatives.bySlug('tongcha');
  const fields = (await own()).name;
  const form = { ...FIELDS, nameZh: fields['zh-CN'] };
  const { _id } = await own();
  const shopper = new Client(shop.url);
  await shopper.logIn('shopper@demo.test');
  expect((await shopper.get(`/coop/trace/growers/${_id}`)).status).toBe(403);
  expect((await send(`/coop/trace/growers/${_id}`, form, undefined, shopper)).status).toBe(403);
  const numbers = { lat: 26, lng: 110, mu: 1, nameShown: 'full' as const, plotShown: 'plot' as const };
  const words = { plotZh: '', plotEn: '', townshipZh: '坪', townshipEn: '', wordsZh: '', wordsEn: '' };
  const strange = await shop.ctx.growers.add(
    tea._id,
    { nameZh: '别家', nameEn: '', ...numbers, ...words },
    { by: 'test', picture: null },
  );
  expect((await member.get(`/coop/trace/growers/${strange}`)).status).toBe(404);
  expect((await send(`/coop/trace/growers/${strange}`, FIELDS)).status).toBe(404);
});
