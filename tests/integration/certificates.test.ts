import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import sharp from 'sharp';
import { newId } from '../../server/platform/ids.ts';
import { localDay } from '../../server/platform/views/index.ts';
import { addDays } from '../../server/stock/index.ts';
import { Client, until } from '../support/client.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const both = (text: string) => ({ 'zh-CN': text, en: text });
const PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
const DAY_MS = 24 * 3_600_000;

let shop: TestShop;
const clock = movableClock();
let member: Client;
let admin: Client;
let stranger: Client;
let counter = 0;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
  [member, admin, stranger] = (await Promise.all(
    ['coop@demo.test', 'admin@demo.test', 'shopper@demo.test'].map(async (login) => {
      const client = new Client(shop.url);
      await client.logIn(login);
      return client;
    }),
  )) as [Client, Client, Client];
});
afterAll(() => shop.close());

const today = () => localDay(clock.now());

/** A product of the member's cooperative, whose title claims what its certificates cover. */
async function product(change: { name?: string; story?: string; certificates?: object[] } = {}) {
  counter += 1;
  const slug = `claimed-${counter}`;
  const sku = `CLM-${counter}`;
  await shop.ctx.catalog.add([
    {
      ...{ slug, cooperative: 'huifeng', category: 'tea', season: [1], shelfLifeDays: 300, aliases: [] },
      name: both(change.name ?? `山茶${counter}`),
      tagline: both('好茶'),
      story: both(change.story ?? '高山上的茶。'),
      origin: both('城步'),
      storage: both('干燥'),
      certificates: (change.certificates ?? []) as never,
      variants: [
        {
          ...{ sku, name: both('一袋'), netGrams: 100, grossGrams: 120, priceFen: 1000 },
          gtin: gtin(counter),
        },
      ],
      image: 'products/organic-tung-tea.svg',
      imageAlt: both('茶'),
    },
  ]);
  return { slug, sku };
}

/** 13 digits in the restricted range. */
function gtin(n: number): string {
  const body = `28${String(n).padStart(10, '0')}`;
  const sum = [...body].reduce((all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return body + String((10 - (sum % 10)) % 10);
}

const organic = (days: number) => ({
  kind: 'organic',
  number: `O-${counter}`,
  issuer: both('认证中心'),
  validFrom: addDays(today(), -10),
  validTo: addDays(today(), days),
});

function formOf(fields: Record<string, string | string[]>, file?: Blob) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) body.append(name, one);
  if (file) body.append('file', file, 'paper.html');
  return body;
}

const facts = (sku: string, change: Record<string, string | string[]> = {}) => ({
  coop: 'huifeng',
  commandId: newId(),
  kind: 'organic',
  number: 'COFCC-1',
  issuerZh: '中绿华夏',
  issuerEn: '',
  skus: sku,
  lots: '',
  validFrom: addDays(today(), -1),
  validTo: addDays(today(), 100),
  ...change,
});

const enter = (fields: Record<string, string | string[]>, file?: Blob, who = member) =>
  who.request('/coop/certificates', { method: 'POST', body: formOf(fields, file) });

const pageOf = async (slug: string) => (await new Client(shop.url).get(`/products/${slug}`)).text();
/** Its name and its story as they stand on the page; other products have words of their own there. */
const wordsOf = async (slug: string) => {
  const page = await pageOf(slug);
  return [/<h1 class="product__name">([^]*?)<\/h1>/, /<div class="prose">([^]*?)<\/div>/]
    .map((part) => part.exec(page)![1])
    .join('\n');
};
const cardOf = async (slug: string) =>
  (await new Client(shop.url).json<{ certificates: { kind: string }[] }>(`/api/products/${slug}`))
    .certificates;
const filtered = async () =>
  (
    await new Client(shop.url).json<{ items: { slug: string }[] }>(
      '/api/products?certificate=organic&limit=60',
    )
  ).items.map(({ slug }) => slug);

describe('a certificate', () => {
  test('that a member enters makes badge, filter and page, once', async () => {
    const { slug, sku } = await product();
    expect(await filtered()).not.toContain(slug);
    const fields = facts(sku);
    const first = await enter(fields, new Blob([PDF], { type: 'text/html' }));
    const again = await enter(fields, new Blob([PDF]));
    expect([first.status, again.status]).toEqual([303, 303]);
    expect(again.headers.get('location')).toBe(first.headers.get('location'));
    expect(await filtered()).toContain(slug);
    expect((await cardOf(slug)).map(({ kind }) => kind)).toEqual(['organic']);
    const page = await pageOf(slug);
    expect(page).toContain('COFCC-1');
    const file = /\/papers\/[a-z0-9]+\.pdf/.exec(page)![0];
    const paper = await stranger.get(file);
    expect(paper.headers.get('content-type')).toBe('application/pdf');
    expect(paper.headers.get('content-disposition')).toBe('attachment');
    expect(paper.headers.get('x-content-type-options')).toBe('nosniff');
    expect(paper.headers.get('content-security-policy')).toContain('sandbox');
  });

  test('keeps a photographed paper as a picture that is written anew', async () => {
    const { slug, sku } = await product();
    const photo = await sharp({ create: { width: 900, height: 1200, channels: 3, background: 'white' } })
      .withExif({ IFD0: { Copyright: 'secret place' } })
      .jpeg()
      .toBuffer();
    expect((await enter(facts(sku), new Blob([new Uint8Array(photo)]))).status).toBe(303);
    const file = /\/papers\/[a-z0-9]+\.webp/.exec(await pageOf(slug))![0];
    const kept = await stranger.get(file);
    expect(kept.headers.get('content-type')).toBe('image/webp');
    expect(Buffer.from(await kept.arrayBuffer()).includes('secret place')).toBe(false);
  });

  test.each([
    ['a page', '<html><script>alert(1)</script></html>'],
    ['a picture with programs in it', '<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'],
    ['a PDF that does not begin as one', '<script>1</script>%PDF-1.4 %%EOF'],
    ['a PDF without an end', '%PDF-1.4 and nothing more'],
  ])('takes no %s as its paper', async (_what, text) => {
    const { sku } = await product();
    const answer = await enter(facts(sku), new Blob([text]));
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain(shop.ctx.translator.for('zh-CN')('errors.unsupported_file'));
    expect(await shop.ctx.certificates.covering({ sku })).toEqual([]);
  });

  test('of some lots covers these lots only, and gives no badge', async () => {
    const { slug, sku } = await product();
    await enter(facts(sku, { kind: 'test_report', lots: 'lot-1, lot-2' }));
    expect(await shop.ctx.certificates.covering({ sku })).toEqual([]);
    expect(await shop.ctx.certificates.covering({ sku, lot: 'LOT-3' })).toEqual([]);
    expect(await shop.ctx.certificates.covering({ sku, lot: 'LOT-2' })).toHaveLength(1);
    const page = await pageOf(slug);
    expect(page).toContain('LOT-1');
    expect(/<header class="product__head">[^]*?<\/header>/.exec(page)![0]).not.toContain(
      'badge--certificate',
    );
  });

  test('is revoked once and for good, with who and why', async () => {
    const { slug, sku } = await product();
    const { headers } = await enter(facts(sku));
    const id = headers.get('location')!.split('/').at(-1)!;
    const commandId = newId();
    const revoke = () =>
      member.form(`/coop/certificates/${id}/revoke`, { coop: 'huifeng', commandId, why: '认证被撤销' });
    expect([(await revoke()).status, (await revoke()).status]).toEqual([303, 303]);
    expect(await filtered()).not.toContain(slug);
    expect(await pageOf(slug)).not.toContain('COFCC-1');
    const other = await member.form(`/coop/certificates/${id}/revoke`, {
      coop: 'huifeng',
      commandId: newId(),
      why: '再来',
    });
    expect(other.status).toBe(409);
    const { history } = await shop.ctx.certificates.own(id, await everything());
    expect(history.map(({ act, why }) => [act, why])).toEqual([
      ['added', ''],
      ['revoked', '认证被撤销'],
    ]);
  });

  test('is somebody else’s to nobody else', async () => {
    const { sku } = await product();
    const { headers } = await enter(facts(sku));
    const path = headers.get('location')!;
    expect((await stranger.get(path)).status).toBe(403);
    expect((await new Client(shop.url).get(path)).status).toBe(401);
    expect((await enter(facts(sku), undefined, stranger)).status).toBe(403);
    expect(
      (await stranger.form(`${path}/revoke`, { coop: 'huifeng', commandId: newId(), why: '坏' })).status,
    ).toBe(403);
    expect((await stranger.get('/admin/certificates')).status).toBe(403);
    expect((await member.get('/admin/certificates')).status).toBe(403);
    const all = await admin.get('/admin/certificates');
    expect(all.status).toBe(200);
    expect((await admin.get(path)).status).toBe(200);
    // A member of one cooperative cannot speak for another's product.
    const foreign = facts('TUT-100');
    expect((await enter(foreign)).status).toBe(422);
    expect((await enter({ ...foreign, coop: 'tongcha' })).status).toBe(404);
  });

  test('whose dates are swapped, or that is about nothing, is refused', async () => {
    const { sku } = await product();
    expect((await enter(facts(sku, { validTo: addDays(today(), -50) }))).status).toBe(422);
    expect((await enter(facts(sku, { skus: [] }))).status).toBe(422);
    expect((await enter(facts(sku, { kind: 'blessed' }))).status).toBe(422);
    expect((await enter(facts(sku, { lots: '<b>' }))).status).toBe(422);
  });

  test('of a process that died before it told its products is told by the next', async () => {
    const { slug, sku } = await product();
    const { headers } = await enter(facts(sku));
    const id = headers.get('location')!.split('/').at(-1)!;
    await shop.ctx.db
      .collection<{ _id: string }>('certificates')
      .updateOne({ _id: id }, { $set: { state: 'revoked', dirty: true } });
    expect(await filtered()).toContain(slug);
    expect(await shop.ctx.certificates.recover()).toBe(1);
    expect(await filtered()).not.toContain(slug);
    expect(await shop.ctx.certificates.recover()).toBe(0);
  });

  test('that lies with its product still is moved at the next start', async () => {
    const { slug, sku } = await product();
    await shop.ctx.db.collection('products').updateOne({ slug }, { $set: { certificates: [organic(100)] } });
    await shop.ctx.catalog.adoptCertificates();
    await shop.ctx.catalog.adoptCertificates();
    await shop.ctx.catalog.refresh();
    expect(await filtered()).toContain(slug);
    expect(await shop.ctx.certificates.covering({ sku })).toHaveLength(1);
    expect((await shop.ctx.db.collection('products').findOne({ slug }))!['certificates']).toBeUndefined();
  });
});

async function everything() {
  const { _id: id } = (await shop.ctx.db
    .collection<{ _id: string }>('users')
    .findOne({ login: 'admin@demo.test' }))!;
  return { id, cooperatives: (await shop.ctx.cooperatives.list()).map(({ _id }) => _id) };
}

describe('a claim', () => {
  test.each([
    ['name', { name: '山里的有 机茶' }],
    ['story', { story: '我们的茶是綠色食品。' }],
  ])('in the %s of a product is refused without a certificate', async (field, change) => {
    await expect(product(change)).rejects.toMatchObject({
      code: 'claim_not_covered',
      fields: { [field]: 'claim_words' },
    });
  });

  test('is taken with one, and harmless words always are', async () => {
    const { slug } = await product({ name: '有机茶', certificates: [organic(100)] });
    expect(await wordsOf(slug)).toContain('有机茶');
    await product({ story: '有机会来看看。' });
  });

  test('disappears from pages on the day after the certificate’s last, and nothing else does', async () => {
    const { slug } = await product({
      name: '有机茶',
      story: '高山上的茶。这是有机认证的。水要热。',
      certificates: [organic(2)],
    });
    const list = async () => (await new Client(shop.url).get('/api/products?q=茶&limit=60')).text();
    expect(await wordsOf(slug)).toContain('这是有机认证的');
    clock.forward(2 * DAY_MS);
    await shop.ctx.catalog.refresh();
    expect(await wordsOf(slug)).toContain('有机茶');
    clock.forward(DAY_MS);
    await shop.ctx.catalog.refresh();
    const page = await wordsOf(slug);
    expect(page).not.toContain('有机');
    expect(page).toContain('高山上的茶。');
    expect(page).toContain('水要热。');
    expect(await filtered()).not.toContain(slug);
    const { items } = JSON.parse(await list()) as { items: { slug: string; name: string }[] };
    expect(items.find((item) => item.slug === slug)?.name).toBe('茶');
    const sellable = (await shop.ctx.catalog.sellables([`CLM-${counter}`])).get(`CLM-${counter}`)!;
    expect(sellable.product.name['zh-CN']).toBe('茶');
  });

  test('comes back with a new certificate', async () => {
    const { slug, sku } = await product({ name: '有机茶', certificates: [organic(0)] });
    clock.forward(DAY_MS);
    await shop.ctx.catalog.refresh();
    expect(await wordsOf(slug)).not.toContain('有机');
    await enter(facts(sku));
    expect(await wordsOf(slug)).toContain('有机茶');
  });

  test('disappears when the certificate is revoked in another process', async () => {
    const { slug, sku } = await product({ name: '有机茶', certificates: [organic(300)] });
    const other = await openTestShop({ uri: shop.uri, clock });
    try {
      const { id } = (await shop.ctx.certificates.covering({ sku }))[0]!;
      const by = { commandId: newId(), why: '撤销', keeper: await everything() };
      await other.ctx.certificates.revoke(id, by);
      await shop.ctx.catalog.refresh();
      expect(await wordsOf(slug)).not.toContain('有机');
    } finally {
      await other.close();
    }
  });
});

describe('the guard of a live', () => {
  const schedule = async (title: string, rail: string[], intro = '') =>
    shop.ctx.lives.schedule(
      {
        title: both(title),
        intro: both(intro),
        poster: 'lives/honey-morning.svg',
        startsAt: new Date(clock.now().getTime() + DAY_MS),
        rail,
      },
      { id: (await everything()).id, name: '主持' },
    );

  test('refuses title and introduction that nothing on its rail covers', async () => {
    const plain = await product();
    const proven = await product({ name: '有机茶', certificates: [organic(300)] });
    await expect(schedule('有机专场', [plain.sku])).rejects.toMatchObject({
      code: 'claim_not_covered',
      fields: { title: 'claim_words' },
    });
    await expect(schedule('茶会', [plain.sku], 'o r g a n i c tea')).rejects.toMatchObject({
      fields: { intro: 'claim_words' },
    });
    await schedule('有机专场', [plain.sku, proven.sku]);
  });

  test('takes the words off the live when the certificate is gone, and refuses to pin the product', async () => {
    const { slug, sku } = await product({ name: '有机茶', certificates: [organic(1)] });
    await shop.ctx.stock.receive({ sku, code: `LV-${counter}`, qty: 5, madeOn: today() }, await everything());
    const live = await schedule('有机茶会', [sku]);
    const host = (await shop.ctx.accounts.byLogin('admin@demo.test'))!;
    await shop.ctx.lives.start(live._id, host);
    await shop.ctx.lives.pin(live._id, { sku }, host);
    clock.forward(2 * DAY_MS);
    await shop.ctx.catalog.refresh();
    expect((await shop.ctx.lives.byId(live._id)).title['zh-CN']).toBe('茶会');
    await expect(shop.ctx.lives.pin(live._id, { sku }, host)).rejects.toMatchObject({
      code: 'claim_not_covered',
    });
    expect(await wordsOf(slug)).not.toContain('有机');
  });
});

describe('the words of a host', () => {
  const scheduled = async (sku: string) => {
    const host = new Client(shop.url);
    await host.logIn('host@demo.test');
    const person = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
    const { _id } = await shop.ctx.lives.schedule(
      {
        ...{ title: both('茶会'), intro: both(''), poster: 'lives/honey-morning.svg', rail: [sku] },
        startsAt: new Date(clock.now().getTime() + DAY_MS),
      },
      person,
    );
    return { host, id: _id, person };
  };

  test('come back as they were typed when they are refused, with the word beside its field', async () => {
    const { sku } = await product();
    const { host, id } = await scheduled(sku);
    const words = { opening: '大家好，今天说说山上的事', [`note.${sku}`]: '这是有机茶', closing: '明天见' };
    const answer = await host.form(`/host/live/${id}/script`, { ...words, edits: '0' });
    expect(answer.status).toBe(422);
    const page = await answer.text();
    for (const text of Object.values(words)) expect(page).toContain(`>${text}</textarea>`);
    expect(page.slice(page.indexOf('这是有机茶'))).toMatch(
      /^这是有机茶<\/textarea><span class="field__error">[^<]*有机/,
    );
  });

  test('for a live to be planned come back with what was chosen for it', async () => {
    const { sku } = await product();
    const { host } = await scheduled(sku);
    const fields = { titleZh: '有机专场', titleEn: '', startsAt: '2030-01-01T09:30', skus: sku };
    const answer = await host.form('/host', fields);
    expect(answer.status).toBe(422);
    const page = await answer.text();
    expect(page).toMatch(/role="alert">[^<]*有机/);
    expect(page).toContain(`value="${sku}" checked`);
  });

  test('are not put before a host any more when their certificate has run out', async () => {
    const { sku } = await product({ name: '有机茶', certificates: [organic(1)] });
    const { host, id, person } = await scheduled(sku);
    const notes = [{ sku, text: '清明前采的。这是有机茶。' }];
    await shop.ctx.scripts.write(
      id,
      { opening: '欢迎。今天是有机专场。', closing: '', notes, edits: 0 },
      person,
    );
    const prompter = async () => (await host.get(`/host/live/${id}/prompter`)).text();
    expect(await prompter()).toContain('今天是有机专场');
    clock.forward(2 * DAY_MS);
    await shop.ctx.catalog.refresh();
    await host.logIn('host@demo.test');
    const later = await prompter();
    expect(later).toContain('欢迎。');
    expect(later).toContain('清明前采的。');
    expect(later).not.toContain('有机');
    // What was written is there still, for whoever renews the certificate or writes it anew.
    expect((await shop.ctx.scripts.of(id, person)).opening).toContain('有机');
  });
});

describe('the rules', () => {
  afterEach(async () => {
    const rule = (await shop.ctx.claims.list()).find(({ _id }) => _id === 'wild')!;
    if (rule.active) await save(rule.version, { active: '' });
  });

  const save = (version: number, change: Record<string, string> = {}, who = admin) =>
    who.form('/admin/claims', {
      id: 'wild',
      version: String(version),
      words: '野生\nwild-harvested',
      except: '野生动物',
      kinds: 'organic',
      active: 'yes',
      ...change,
    });

  test('are an admin’s and nobody else’s', async () => {
    for (const who of [member, stranger]) {
      expect((await who.get('/admin/claims')).status).toBe(403);
      expect((await save(1, {}, who)).status).toBe(403);
    }
    expect((await admin.get('/admin/claims?text=' + encodeURIComponent('有 机茶'))).status).toBe(200);
  });

  test('hold for every product and process as soon as they are changed', async () => {
    const { slug } = await product({ name: '野生菌菇' });
    const other = await openTestShop({ uri: shop.uri, clock });
    try {
      const { version } = (await shop.ctx.claims.list()).find(({ _id }) => _id === 'wild')!;
      expect((await save(version)).status).toBe(303);
      await expect(product({ name: '野生茶' })).rejects.toMatchObject({ code: 'claim_not_covered' });
      await shop.ctx.catalog.refresh();
      expect(await wordsOf(slug)).not.toContain('野生');
      await other.ctx.catalog.refresh();
      expect((await other.ctx.catalog.product(slug)).name['zh-CN']).toBe('菌菇');
      // Whoever looked at the rule before somebody else changed it is told.
      expect((await save(version)).status).toBe(409);
    } finally {
      await other.close();
    }
  });

  test('without words or certificates are refused', async () => {
    expect((await save(1, { words: ' \n ' })).status).toBe(422);
    expect((await save(1, { kinds: 'blessed' })).status).toBe(422);
  });
});

test('a page that was kept yesterday is drawn anew today', async () => {
  const { slug } = await product({ name: '有机茶', certificates: [organic(0)] });
  await until(
    () => wordsOf(slug),
    (page) => page.includes('有机茶'),
  );
  clock.forward(DAY_MS);
  // Nobody has refreshed anything: the text itself is looked at by the day that it is.
  expect(await wordsOf(slug)).not.toContain('有机茶');
});
