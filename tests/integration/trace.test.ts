import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lot } from '../../server/stock/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { rootOf, leafOf, type ProofStep } from '../../server/trace/chain.rules.ts';
import { grouped, gtin14, linkOf, readLink, RANDOM_SIGNS, serialOf } from '../../server/trace/codes.rules.ts';
import { shortCode } from '../../server/platform/ids.ts';
import { checkOffline, type PublicKey } from '../../public/lib/trace-check.ts';
import { gs1Faults } from '../support/gs1-schema.ts';
import { Client } from '../support/client.ts';
import { freshLot, keeper } from '../support/labelled.ts';
import { paidOrder } from '../support/paid.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

const ORIGIN = 'https://shop.example';

let shop: TestShop;
let member: Client;
let lot: Lot;
let gtin: string;
let codes: string[];

const anybody = () => new Client(shop.url);
const pathOf = (link: string) => link.slice(ORIGIN.length);

async function signed(serial: string | undefined, of = lot) {
  const link = await shop.ctx.signing.linker(ORIGIN);
  return link({ gtin, lot: of.code, serial, bestBefore: of.bestBefore });
}

async function unitsOf(id: string) {
  const found: string[] = [];
  for await (const { _id } of shop.ctx.units.ofLot(id)) found.push(_id);
  return found;
}

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  member = new Client(shop.url);
  await member.logIn('coop@demo.test');
  lot = (await shop.ctx.stock.byCode('HNY-500-A00'))!;
  gtin = gtin14((await shop.ctx.catalog.sellables([lot.sku])).get(lot.sku)!.variant.gtin);
  codes = await unitsOf(lot._id);
});
afterAll(() => shop.close());

interface CardJson {
  verdict: string;
  signature?: string;
  code: string;
  lot: { code: string; recalled: boolean; recallWhy?: string };
  road: { step: string; wrong?: boolean }[];
  certificates: { number: string }[];
  scans?: { howOften: string; copied: boolean };
}

describe('a code', () => {
  test('typed in groups and small letters is known; a slip is told apart from a code nobody registered', async () => {
    const [code = ''] = codes;
    const known = await anybody().json<CardJson>(`/api/trace/${grouped(code).toLowerCase()}`);
    expect(known).toMatchObject({
      verdict: 'registered',
      signature: 'unsigned',
      code,
      lot: { code: lot.code },
    });
    const swapped = code[1]! + code[0]! + code.slice(2);
    const slip = swapped === code ? code.slice(1) : swapped;
    expect(await anybody().json(`/api/trace/${slip}`)).toMatchObject({ verdict: 'typing' });
    const made = serialOf(shortCode(RANDOM_SIGNS));
    const unknown = await anybody().get(`/api/trace/${made}`);
    expect([unknown.status, await unknown.json()]).toEqual([
      404,
      expect.objectContaining({ verdict: 'unknown' }),
    ]);
  });

  test('is not what is passed on to friends: the lot is, with a card of its own until it is called back', async () => {
    const page = await (await anybody().get(pathOf(await signed(codes[0])))).text();
    expect(/data-share-url="([^"]+)"/.exec(page)?.[1]).toBe(`/trace/${lot.code}`);
    const card = await anybody().get(`/trace/${lot.code}/card.png`);
    expect([card.status, card.headers.get('content-type')]).toEqual([200, 'image/png']);
    expect((await anybody().get(`/trace/${codes[0]!}/card.png`)).status).toBe(404);
    const called = await freshLot(shop, lot.sku, 2);
    const command = {
      commandId: newId(),
      why: '抽检不合格',
      advice: '',
      offersRefund: true,
      confirm: 'yes' as const,
    };
    await shop.ctx.recalls.start(called.code, command, await keeper(shop));
    expect((await anybody().get(`/trace/${called.code}/card.png`)).status).toBe(404);
    expect(await (await anybody().get(`/trace/${called.code}`)).text()).not.toContain('data-share-url');
  });

  test('the printed link says genuine, altered or forged, on the page and without the shop', async () => {
    const [code = '', other = ''] = codes;
    const link = await signed(code);
    const look = async (address: string) => {
      const response = await anybody().get(pathOf(address));
      return { status: response.status, html: await response.text() };
    };
    const t = shop.ctx.translator.for('zh-CN');
    const { keys } = await anybody().json<{ keys: PublicKey[] }>('/.well-known/jwks.json');
    const cases = [
      ['genuine', link, 'genuine'],
      ['altered', link.replace(lot.code, 'HNY-500-B00'), 'altered'],
      ['altered', link.replace(/17=\d{6}/, '17=300101'), 'altered'],
      ['forged', link.replace(code, other), 'altered'],
      ['forged', link.replace(/s=.{8}/, 's=AQAAAAAA'), undefined],
      ['forged', link.replace(code, serialOf(shortCode(RANDOM_SIGNS))), 'altered'],
      ['registered', linkOf(ORIGIN, { gtin, lot: lot.code, serial: code }), 'unsigned'],
      // Not copied to its end: nobody is called a forger for it.
      ['typing', link.slice(0, -5), 'typing'],
    ] as const;
    for (const [verdict, address, offline] of cases) {
      const { status, html } = await look(address);
      expect(html).toContain(t(`trace.verdict.${verdict}.word`));
      expect(status).toBe(verdict === 'genuine' || verdict === 'registered' ? 200 : 404);
      if (offline) expect((await checkOffline(address, keys)).verdict).toBe(offline);
    }
    expect(readLink(link)).toMatchObject({ identity: { gtin, lot: lot.code, serial: code } });
  });

  test('keeps its word when the keys change; a revoked key is not believed on its word alone', async () => {
    const [code = ''] = codes;
    const before = await signed(code);
    const { signing } = shop.ctx;
    const [old] = await signing.keys();
    await signing.rotate();
    const after = await signed(code);
    expect(after).not.toBe(before);
    const verdict = async (link: string) => {
      const read = readLink(link);
      if ('fault' in read) throw new Error(read.fault);
      return signing.verdict(read.identity, read.signature);
    };
    expect([await verdict(before), await verdict(after)]).toEqual(['genuine', 'genuine']);
    await signing.revoke(old!._id, 'lost');
    expect([await verdict(before), await verdict(after)]).toEqual(['revoked_key', 'genuine']);
    const { keys } = await anybody().json<{ keys: PublicKey[] }>('/.well-known/jwks.json');
    expect(keys.find(({ kid }) => kid === old!._id)?.revoked).toBeDefined();
    expect((await checkOffline(before, keys)).verdict).toBe('revoked_key');
  });

  test('tells a stranger no numbers: no counts, no codes of other pieces, nobody’s order', async () => {
    const [code = '', other = ''] = codes;
    const order = await paidOrder(shop, [{ sku: lot.sku, qty: 1 }]);
    await shop.ctx.units.bind({ code, order: order._id, line: 0, by: 'test' });
    const page = await (await anybody().get(`/trace/${code}`)).text();
    const json = JSON.stringify(await anybody().json(`/api/trace/${code}`));
    for (const text of [page, json]) {
      for (const secret of [order._id, other, lot._id, order.buyer]) expect(text).not.toContain(secret);
    }
    expect(json).not.toMatch(/"(seq|count|received|sold|available|labelled|qty|quantity)":/);
    await shop.ctx.units.release({ serial: code, order: order._id, by: 'test' });
  });
});

describe('giving codes', () => {
  test('once per command, also by two at once, and never more than there are pieces', async () => {
    const small = (await shop.ctx.stock.allLots()).find(
      ({ code }) => code.startsWith('HNY-') && code !== lot.code,
    );
    const command = { lot: small!._id, qty: 7, commandId: newId(), by: 'test' };
    const runs = await Promise.all([1, 2, 3].map(() => shop.ctx.units.commission(command)));
    expect(new Set(runs.map(({ id }) => id)).size).toBe(1);
    expect(await shop.ctx.units.countOf(small!._id)).toBe(7);
    const printed = [...(await shop.ctx.units.serialsOf(runs[0]!.id))];
    expect([...printed].sort()).toEqual(await unitsOf(small!._id));
    const tooMany = { ...command, commandId: newId(), qty: small!.received };
    await expect(shop.ctx.units.commission(tooMany)).rejects.toMatchObject({ code: 'conflict' });
    expect(await shop.ctx.units.countOf(small!._id)).toBe(7);
  });

  test('a run that died half way is finished with the very codes it would have had', async () => {
    const [half] = (await shop.ctx.stock.allLots())
      .filter(({ code }) => code.startsWith('HNY-') && code !== lot.code)
      .slice(-1);
    const run = await shop.ctx.units.commission({ lot: half!._id, qty: 9, commandId: newId(), by: 'test' });
    const all = await unitsOf(half!._id);
    const units = shop.ctx.db.collection<{ _id: string }>('units');
    await units.deleteMany({ _id: { $in: all.slice(0, 4) } });
    await shop.ctx.db
      .collection<{ _id: string }>('unit_runs')
      .updateOne({ _id: run.id }, { $set: { done: false, at: new Date(0) } });
    expect(await shop.ctx.units.finishRuns()).toBe(1);
    expect(await unitsOf(half!._id)).toEqual(all);
  });
});

describe('binding', () => {
  const bind = (code: string, order: { _id: string }, line = 0) =>
    shop.ctx.units.bind({ code, order: order._id, line, by: 'test' });

  test('what does not belong is refused by its reason; two scanners never fill one place twice', async () => {
    const order = await paidOrder(shop, [{ sku: lot.sku, qty: 2 }]);
    const strange = (await shop.ctx.stock.allLots()).find(({ sku }) => sku.startsWith('MTO'))!;
    const run = await shop.ctx.units.commission({ lot: strange._id, qty: 1, commandId: newId(), by: 'test' });
    const [foreign = ''] = await shop.ctx.units.serialsOf(run.id);
    const [one = '', two = '', three = '', four = ''] = codes.slice(4);
    expect(await bind('nonsense', order)).toEqual({ refused: 'typing' });
    expect(await bind(serialOf(shortCode(RANDOM_SIGNS)), order)).toEqual({ refused: 'unknown' });
    expect(await bind(foreign, order)).toEqual({ refused: 'wrong_lot' });
    const outcomes = await Promise.all([one, two, three, four].map((code) => bind(code, order)));
    expect(outcomes.filter((outcome) => 'unit' in outcome)).toHaveLength(2);
    expect(outcomes.filter((outcome) => 'refused' in outcome && outcome.refused === 'too_many')).toHaveLength(
      2,
    );
    const bound = (await shop.ctx.units.ofOrder(order._id)).map(({ _id }) => _id);
    expect(await bind(await signed(bound[0]), order)).toMatchObject({ again: true });
    const other = await paidOrder(shop, [{ sku: lot.sku, qty: 1 }]);
    expect(await bind(bound[0]!, other)).toEqual({ refused: 'already_sold' });
    await shop.ctx.units.release({ serial: bound[0]!, order: order._id, by: 'test' });
    expect(await bind(bound[0]!, other)).toMatchObject({ again: false });
  });

  test('one unit wanted by many orders at once goes to one of them', async () => {
    const code = codes[9]!;
    const orders = await Promise.all([1, 2, 3, 4].map(() => paidOrder(shop, [{ sku: lot.sku, qty: 1 }])));
    const outcomes = await Promise.all(orders.map((order) => bind(code, order)));
    expect(outcomes.filter((outcome) => 'unit' in outcome)).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => 'refused' in outcome && outcome.refused === 'already_sold'),
    ).toHaveLength(3);
  });
});

describe('the road', () => {
  test('of a box: packed, shipped and handed over, from what happened to the order; told twice, written once', async () => {
    const buyer = await shop.ctx.accounts.byLogin('shopper@demo.test');
    const order = await paidOrder(shop, [{ sku: lot.sku, qty: 2 }], buyer);
    const code = codes[10]!;
    await shop.ctx.units.bind({ code, order: order._id, line: 0, by: 'test' });
    const packer = { id: 'test', cooperative: lot.cooperative };
    const packed = await shop.ctx.packing.pack(
      order._id,
      { commandId: newId(), items: [{ line: 0, qty: 2 }] },
      packer,
    );
    const parcel = packed.parcels[0]!.code;
    await shop.ctx.packing.ship(
      order._id,
      parcel,
      { carrier: 'sf', tracking: 'SF1234567890123', was: '' },
      packer,
    );
    await shop.ctx.packing.deliver(order._id, parcel, packer);
    await shop.ctx.bus.idle();
    await shop.ctx.roads.idle();
    await Promise.all([1, 2].map(() => shop.ctx.roads.followOrder(order._id)));
    const road = await shop.ctx.events.ofUnit(lot._id, { _id: code, parcel }, []);
    const ofBox = road.filter((one) => one.parcel === parcel);
    expect(ofBox.map(({ step }) => step)).toEqual(['packed', 'shipped', 'sold']);
    expect(ofBox[0]!.units).toEqual([code]);
    expect((await shop.ctx.units.byCode(code))?.state).toBe('sold');

    const card = await anybody().json<CardJson>(`/api/trace/${code}`);
    expect(card.road.map(({ step }) => step)).toEqual(
      expect.arrayContaining(['harvest', 'packed', 'shipped', 'sold']),
    );
    const wholeLot = await anybody().json<CardJson>(`/api/trace/${lot.code}`);
    expect(wholeLot.road.map(({ step }) => step)).not.toContain('packed');

    const mine = new Client(shop.url);
    await mine.logIn('shopper@demo.test');
    expect(await (await mine.get(`/trace/${code}`)).text()).toContain(`/orders/${order._id}`);
    expect(await (await anybody().get(`/trace/${code}`)).text()).not.toContain(order._id);
  });

  test('what was told to a process that died is found', async () => {
    const order = await paidOrder(shop, [{ sku: lot.sku, qty: 1 }]);
    const packer = { id: 'test', cooperative: lot.cooperative };
    const packed = await shop.ctx.packing.pack(
      order._id,
      { commandId: newId(), items: [{ line: 0, qty: 1 }] },
      packer,
    );
    await shop.ctx.bus.idle();
    await shop.ctx.roads.idle();
    const events = shop.ctx.db.collection<{ _id: string; key: string; lot: string; seq: number }>(
      'trace_events',
    );
    const key = `parcel:${packed.parcels[0]!.code}:packed:${order._id}`;
    const last = await events.findOne({ key });
    // The last of its chain, so that taking it away is as if it had never been written.
    await events.deleteMany({ lot: last!.lot, seq: { $gte: last!.seq } });
    await shop.ctx.roads.recover();
    expect(await events.findOne({ key })).toBeTruthy();
  });

  test('many who write at once write one chain without a gap', async () => {
    const at = new Date();
    await Promise.all(
      Array.from({ length: 12 }, (_item, index) =>
        shop.ctx.events.recordByHand(lot._id, `race-${index % 8}`, {
          pieces: [{ gtin, lot: lot.code, qty: 1 }],
          step: 'inspecting',
          at,
          by: 'test',
        }),
      ),
    );
    const road = await shop.ctx.events.ofLot(lot._id);
    expect(road.map(({ seq }) => seq)).toEqual(road.map((_event, index) => index + 1));
    expect(road.filter(({ key }) => key.startsWith('hand:race-'))).toHaveLength(8);
    expect((await shop.ctx.verifier.verify()).findings).toEqual([]);
  });

  test('a member records, corrects and exports; the document is valid and comes in elsewhere', async () => {
    const own = (await shop.ctx.stock.allLots()).find(
      ({ sku }) => sku.startsWith('HNY-500') && sku === lot.sku && lot.code,
    )!;
    const address = `/coop/trace/${own.code}`;
    const body = new FormData();
    for (const [name, value] of Object.entries({
      commandId: newId(),
      step: 'sampling',
      day: own.madeOn,
      note: '水分18%',
    })) {
      body.set(name, value);
    }
    const sent = await member.request(`${address}/steps`, { method: 'POST', body });
    expect(sent.status).toBe(303);
    const recorded = (await shop.ctx.events.ofLot(own._id)).find(({ note }) => note === '水分18%')!;
    const wrong = { event: recorded.id, reason: 'incorrect_data', note: '记错了' };
    expect((await member.form(`${address}/wrong`, wrong)).status).toBe(303);
    expect((await member.form(`${address}/wrong`, wrong)).status).toBe(409);
    const shown = await anybody().json<CardJson>(`/api/trace/${own.code}`);
    expect(shown.road.find(({ step, wrong: struck }) => step === 'sampling' && struck)).toBeDefined();

    const document = (await (await member.get(`${address}/epcis.jsonld`)).json()) as {
      epcisBody: { eventList: Record<string, unknown>[] };
    };
    expect(shop.ctx.exchange.faultsOf(document)).toEqual([]);
    expect(gs1Faults(document)).toEqual([]);
    expect(document.epcisBody.eventList.some(({ errorDeclaration }) => errorDeclaration)).toBe(true);
    expect(await shop.ctx.exchange.importInto(own, document, 'test')).toBeLessThanOrEqual(1);
    const foreign = structuredClone(document);
    foreign.epcisBody.eventList = foreign.epcisBody.eventList
      .filter(({ errorDeclaration, type }) => !errorDeclaration && type === 'ObjectEvent')
      .slice(0, 1)
      .map((event) => ({ ...event, eventID: 'urn:uuid:00000000-0000-4000-8000-000000000001' }));
    expect(await shop.ctx.exchange.importInto(own, foreign, 'test')).toBe(1);
    // Words of our own in somebody else's mouth may be of any shape: the page stands all the same.
    const shapes: unknown[] = [7, ['a'], { en: 1 }, { 'zh-CN': '别处的话' }, null, { toString: 'x' }];
    const odd = structuredClone(foreign);
    odd.epcisBody.eventList = shapes.map((shape, at) => ({
      ...foreign.epcisBody.eventList[0]!,
      eventID: `urn:uuid:00000000-0000-4000-8000-00000000010${at}`,
      ...{ 'sx:note': shape, 'sx:pictures': [shape], 'sx:step': shape, 'sx:recordedBy': shape },
    }));
    const file = new FormData();
    file.set('document', new Blob([JSON.stringify(odd)]), 'road.jsonld');
    const imported = await member.request(`${address}/import-file`, { method: 'POST', body: file });
    expect(imported.status).toBe(303);
    for (const path of [`/trace/${own.code}`, `/api/trace/${own.code}`]) {
      expect((await anybody().get(path)).status).toBe(200);
    }
    expect((await member.get(address)).status).toBe(200);
    expect((await shop.ctx.verifier.verify()).findings).toEqual([]);
    expect(await shop.ctx.exchange.importInto(own, foreign, 'test')).toBe(0);
    const other = (await shop.ctx.stock.allLots()).find(({ sku }) => sku !== lot.sku)!;
    await expect(shop.ctx.exchange.importInto(other, foreign, 'test')).rejects.toMatchObject({
      code: 'invalid',
    });
    const bad = {
      ...document,
      epcisBody: { eventList: [{ ...document.epcisBody.eventList[0], bizStep: 'smelling' }] },
    };
    await expect(shop.ctx.exchange.importInto(own, bad, 'test')).rejects.toMatchObject({ code: 'invalid' });
    expect((await shop.ctx.verifier.verify()).findings).toEqual([]);
  });

  test('another cooperative’s lots do not exist at a desk, and nobody without a desk comes in', async () => {
    const strange = (await shop.ctx.stock.allLots()).find(
      ({ sku }) => sku.startsWith('OM') || sku.startsWith('HMR'),
    );
    const desks = await shop.ctx.cooperatives.list();
    const mine = new Set(
      desks.filter(({ slug }) => ['huangshaping', 'huifeng'].includes(slug)).map(({ _id }) => _id),
    );
    const theirs =
      strange ?? (await shop.ctx.stock.allLots()).find(({ cooperative }) => !mine.has(cooperative))!;
    for (const path of ['', '/epcis.jsonld']) {
      expect((await member.get(`/coop/trace/${theirs.code}${path}`)).status).toBe(404);
      expect((await anybody().get(`/coop/trace/${lot.code}${path}`)).status).toBe(401);
    }
    const form = { event: 'urn:x', reason: 'incorrect_data', note: 'x' };
    expect((await member.form(`/coop/trace/${theirs.code}/wrong`, form)).status).toBe(404);
  });
});

describe('roots and verify', () => {
  test('a published root proves each lot’s head to anybody', async () => {
    await shop.ctx.roots.publish();
    const { items } = await anybody().json<{ items: { day: string; root: string }[] }>('/api/trace/roots');
    const proof = await anybody().json<{ lot: string; head: string; root: string; proof: ProofStep[] }>(
      `/api/trace/roots/${items[0]!.day}/${lot.code}`,
    );
    expect(rootOf(leafOf(proof.lot, proof.head), proof.proof)).toBe(items[0]!.root);
  });

  test('one changed byte is found, and the first of several named first', async () => {
    const events = shop.ctx.db.collection<{
      _id: string;
      body: string;
      hash: string;
      lot: string;
      seq: number;
    }>('trace_events');
    const change = async (id: string) => {
      const doc = (await events.findOne({ _id: id }))!;
      const at = doc.body.indexOf('"eventTime":"20') + 14;
      const body = `${doc.body.slice(0, at)}9${doc.body.slice(at + 1)}`;
      await events.updateOne({ _id: id }, { $set: { body } });
      return () => events.updateOne({ _id: id }, { $set: { body: doc.body } });
    };
    const mend = await change(`${lot._id}:3`);
    const mendLater = await change(`${lot._id}:5`);
    const { findings } = await shop.ctx.verifier.verify();
    expect(findings[0]).toMatchObject({ kind: 'event_changed', where: lot.code, seq: 3 });
    await mend();
    await mendLater();
    expect((await shop.ctx.verifier.verify()).findings).toEqual([]);
  });

  test('a chain written anew as a whole does not agree with what was published', async () => {
    const other = (await shop.ctx.stock.allLots()).find(({ code }) => code === 'HNY-500-B00') ?? lot;
    const events = shop.ctx.db.collection<{ _id: string; lot: string; seq: number }>('trace_events');
    const kept = await events.find({ lot: other._id }).toArray();
    await events.deleteMany({ lot: other._id });
    await shop.ctx.roads.followLot(other.code);
    const { findings } = await shop.ctx.verifier.verify();
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'head_gone', where: other.code }));
    await events.deleteMany({ lot: other._id });
    await events.insertMany(kept);
    expect((await shop.ctx.verifier.verify()).findings).toEqual([]);
  });
});

describe('looks and reports', () => {
  test('a look is counted without a trace of who looked, and the same one once', async () => {
    const code = codes[11]!;
    const looks = shop.ctx.db.collection<{ _id: string; count: number }>('scans');
    for (let turn = 0; turn < 3; turn += 1) await anybody().get(`/trace/${code}`);
    await shop.ctx.scans.idle();
    const doc = (await looks.findOne({ _id: code }))!;
    expect(doc.count).toBe(1);
    expect(JSON.stringify(doc)).not.toMatch(/127\.0|node|::1/);
    const looker = (n: number) => ({ address: `10.${n}.0.1`, agent: 'x' });
    for (let n = 0; n < 8; n += 1) shop.ctx.scans.note(code, looker(n), true);
    await shop.ctx.scans.idle();
    expect((await anybody().json<CardJson>(`/api/trace/${code}`)).scans?.copied).toBe(true);
  });

  test('a report reaches the cooperative’s desk once, and nobody else’s', async () => {
    const form = { reportId: newId(), kind: 'label', text: '标签看不清楚了', contact: '' };
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await anybody().form(`/trace/${codes[0]}/report`, form)).status).toBe(303);
    }
    const filed = (await shop.ctx.reports.ofCooperative(lot.cooperative)).filter(
      ({ text }) => text === form.text,
    );
    expect(filed).toHaveLength(1);
    expect(await (await member.get('/coop/trace?coop=huifeng')).text()).toContain(form.text);
    expect((await anybody().form(`/trace/${serialOf(shortCode(RANDOM_SIGNS))}/report`, form)).status).toBe(
      404,
    );
  });
});
