import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Order } from '../../server/orders/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { cartonLink, spokenSscc, ssccOf } from '../../server/trace/sscc.rules.ts';
import { Client, until } from '../support/client.ts';
import { gs1Faults } from '../support/gs1-schema.ts';
import { freshLot, keeper, labelledLot, linkFor } from '../support/labelled.ts';
import { paidOrder } from '../support/paid.ts';
import { openPdf } from '../support/pdf.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const clock = movableClock();
let shop: TestShop;
let member: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
  member = new Client(shop.url);
  await member.logIn('coop@demo.test');
});
afterAll(() => shop.close());

interface Answer {
  status: number;
  body: { ok?: boolean; code?: string; text?: string; table: { scanned: number }; error?: { code: string } };
}

async function ask(path: string, fields: Record<string, string>, who = member): Promise<Answer> {
  const answer = await who.request(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ coop: 'huifeng', ...fields }),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

const place = (sscc: string) => `/coop/cartons/carton/${sscc}`;
const put = (sscc: string, code: string) => ask(place(sscc), { code });
const scan = ({ _id }: Order, code: string, who = member) => ask(`/coop/orders/${_id}/scan`, { code }, who);
const undo = ({ _id }: Order, serial: string) => ask(`/coop/orders/${_id}/scan/undo`, { serial });
const box = (order: Order, qty: number) =>
  member.form(`/coop/orders/${order._id}/parcels`, {
    ...{ coop: 'huifeng', commandId: newId(), line: '0', qty: String(qty) },
  });
const carton = async (sscc: string) => (await shop.ctx.cartons.byId(sscc))!;

async function started(lot: string): Promise<string> {
  const answer = await member.form(`/coop/cartons/${lot}`, { commandId: newId() });
  expect(answer.status).toBe(303);
  return answer.headers.get('location')!.split('/').at(-1)!;
}

/** A closed carton of so many pieces, and an order that its lot was sold to. */
async function ready({
  inside,
  ordered,
  sku = 'HNY-500',
}: {
  inside: number;
  ordered: number;
  sku?: string;
}) {
  const made = await labelledLot(shop, sku, Math.max(inside, ordered) + 3);
  const sscc = await started(made.lot.code);
  for (const serial of made.serials.slice(0, inside)) expect((await put(sscc, serial)).body.ok).toBe(true);
  expect((await member.form(`${place(sscc)}/close`, {})).status).toBe(303);
  const order = await paidOrder(shop, [{ sku, qty: ordered }]);
  expect(order.lines[0]!.lots.map(({ lot }) => lot)).toEqual([made.lot._id]);
  return { ...made, sscc, order };
}

describe('a carton is filled', () => {
  test('with pieces of its lot, each once, until it is closed', async () => {
    const { lot, serials } = await labelledLot(shop, 'HNY-500', 4);
    const sscc = await started(lot.code);
    const [a, b, c] = serials as [string, string, string];
    expect((await put(sscc, await linkFor(shop, lot, a))).body).toMatchObject({ ok: true, code: 'bound' });
    expect((await put(sscc, a)).body).toMatchObject({ ok: true, code: 'again', table: { scanned: 1 } });
    await put(sscc, b);
    expect((await ask(`${place(sscc)}/undo`, { serial: a })).body.table.scanned).toBe(1);
    expect((await member.form(`${place(sscc)}/close`, {})).status).toBe(303);
    expect((await put(sscc, c)).body.code).toBe('carton_shut');
    expect((await carton(sscc)).units).toEqual([b]);
    expect((await ask(`${place(sscc)}/undo`, { serial: b })).body.error?.code).toBe('conflict');
  });

  test('not with another lot’s, a void one, one that is sold, or one of another carton', async () => {
    const { lot, serials } = await labelledLot(shop, 'HNY-500', 5);
    const other = await labelledLot(shop, 'HNY-500', 1);
    const [one, two] = [await started(lot.code), await started(lot.code)];
    const [a, b] = serials as [string, string];
    await put(one, a);
    expect((await put(two, a)).body.code).toBe('in_carton');
    expect((await put(two, other.serials[0]!)).body.code).toBe('wrong_lot');
    await shop.ctx.units.revoke(b, 'keeper');
    expect((await put(two, b)).body.code).toBe('revoked');
    // The lot that came last is the first to expire, and to be sold.
    const order = await paidOrder(shop, [{ sku: 'HNY-500', qty: 1 }]);
    expect((await scan(order, other.serials[0]!)).body.ok).toBe(true);
    expect((await put(await started(other.lot.code), other.serials[0]!)).body.code).toBe('already_sold');
    const forged = new URL(await linkFor(shop, lot, serials[3]!));
    forged.searchParams.set('s', 'A'.repeat(92));
    expect((await put(two, forged.href)).body.code).toBe('forged');
    expect((await put(two, 'nonsense')).body.code).toBe('typing');
  });

  test('by whoever is quicker: one piece scanned into two cartons at once lies in one', async () => {
    const { lot, serials } = await labelledLot(shop, 'HNY-500', 1);
    const [one, two] = [await started(lot.code), await started(lot.code)];
    const both = await Promise.all([put(one, serials[0]!), put(two, serials[0]!)]);
    expect(both.map(({ body }) => body.code ?? '').sort()).toEqual(['bound', 'in_carton']);
  });

  test('only by the members of its cooperative', async () => {
    const { lot } = await labelledLot(shop, 'HNY-500', 1);
    const sscc = await started(lot.code);
    const shopper = new Client(shop.url);
    await shopper.logIn('shopper@demo.test');
    for (const who of [shopper, new Client(shop.url)]) {
      expect([401, 403]).toContain((await who.get(place(sscc))).status);
      expect([401, 403]).toContain((await who.form(`${place(sscc)}/close`, {})).status);
    }
    const tea = await shop.ctx.cooperatives.bySlug('tongcha');
    const theirs = (await shop.ctx.stock.allLots()).find(({ cooperative }) => cooperative === tea._id)!;
    expect((await member.get(`/coop/cartons/${theirs.code}`)).status).toBe(404);
    expect((await member.get(place(ssccOf('2900000', '0000000001')))).status).toBe(404);
  });
});

describe('a carton scanned to an order', () => {
  test('puts all its pieces to the line at once, by its link, once', async () => {
    const { order, sscc, serials } = await ready({ inside: 3, ordered: 4 });
    const first = await scan(order, cartonLink(shop.url, sscc));
    expect(first.body).toMatchObject({ ok: true, code: 'bound', table: { scanned: 3, total: 4 } });
    expect((await scan(order, `(00)${sscc}`)).body).toMatchObject({ ok: true, code: 'again' });
    expect((await carton(sscc)).state).toBe('stowed');
    // A piece of it does not leave it alone; a loose one fills the rest.
    expect((await undo(order, serials[0]!)).body.error?.code).toBe('conflict');
    expect((await scan(order, serials[3]!)).body.ok).toBe(true);
    expect((await undo(order, sscc)).body.table.scanned).toBe(1);
    expect((await carton(sscc)).state).toBe('closed');
    expect((await shop.ctx.units.byCode(serials[0]!))!.order).toBeNull();
  });

  test('is refused whole: too many, the wrong product, a slip, one being filled', async () => {
    const { order, sscc, lot } = await ready({ inside: 3, ordered: 2 });
    expect((await scan(order, sscc)).body.code).toBe('too_many');
    expect(await shop.ctx.units.ofOrder(order._id)).toEqual([]);
    const tea = await paidOrder(shop, [{ sku: 'HNY-1000', qty: 1 }]);
    expect((await scan(tea, sscc)).body.code).toBe('wrong_product');
    const slip = sscc.slice(0, 17) + (sscc.at(-1) === '0' ? '1' : '0');
    expect((await scan(order, slip)).body.code).toBe('typing');
    expect((await scan(order, await started(lot.code))).body.code).toBe('carton_open');
  });

  test('with a void piece leaves nothing behind', async () => {
    const { order, sscc, serials } = await ready({ inside: 3, ordered: 3 });
    await shop.ctx.units.revoke(serials[2]!, 'keeper');
    expect((await scan(order, sscc)).body.code).toBe('revoked');
    expect(await shop.ctx.units.ofOrder(order._id)).toEqual([]);
    expect(await carton(sscc)).toMatchObject({ state: 'closed', order: null });
  });

  test('is refused when its lot is recalled, and when it is not the lot that was sold', async () => {
    const { order, sscc, lot } = await ready({ inside: 2, ordered: 2 });
    await freshLot(shop, 'HNY-500', 2);
    const other = await paidOrder(shop, [{ sku: 'HNY-500', qty: 2 }]);
    expect(other.lines[0]!.lots[0]!.lot).not.toBe(lot._id);
    expect((await scan(other, sscc)).body.code).toBe('wrong_lot');
    const command = { commandId: newId(), why: '检出异物', advice: '', offersRefund: false, confirm: 'yes' };
    await shop.ctx.recalls.start(lot.code, command as never, await keeper(shop));
    expect((await scan(order, sscc)).body.code).toBe('recalled');
    expect(await shop.ctx.units.ofOrder(order._id)).toEqual([]);
  });

  test('keeps its pieces: none of them goes to an order without it', async () => {
    const { order, sscc, serials } = await ready({ inside: 2, ordered: 2 });
    expect((await scan(order, serials[0]!)).body.code).toBe('in_carton');
    expect((await member.form(`${place(sscc)}/unpack`, {})).status).toBe(303);
    expect((await scan(order, sscc)).body.code).toBe('carton_unpacked');
    expect((await scan(order, serials[0]!)).body.ok).toBe(true);
  });

  test('by two packers at once goes to one order, whole', async () => {
    for (let turn = 0; turn < 4; turn += 1) {
      const { order, sscc } = await ready({ inside: 6, ordered: 6 });
      const lot = (await carton(sscc)).lot;
      // Both orders were sold from the carton's lot.
      const orders = shop.ctx.db.collection<{ _id: string }>('orders');
      const other = await paidOrder(shop, [{ sku: 'HNY-500', qty: 6 }]);
      await orders.updateOne({ _id: other._id }, { $set: { 'lines.0.lots': [{ lot, qty: 6 }] } });
      const both = await Promise.all([scan(order, sscc), scan(other, sscc)]);
      expect(both.filter(({ body }) => body.ok)).toHaveLength(1);
      const counts = await Promise.all(
        [order, other].map(async ({ _id }) => (await shop.ctx.units.ofOrder(_id)).length),
      );
      const [here, there] = both[0].body.ok ? [6, 0] : [0, 6];
      expect(counts).toEqual([here, there]);
      const winner = both[0].body.ok ? order : other;
      expect(await carton(sscc)).toMatchObject({ state: 'stowed', order: winner._id });
    }
  });

  test('never shares a piece with an order: scanned to both at once it goes to one of them, or to none', async () => {
    const { lot, serials } = await labelledLot(shop, 'HNY-500', 41);
    const sscc = await started(lot.code);
    const order = await paidOrder(shop, [{ sku: 'HNY-500', qty: 40 }]);
    const { cartons, units } = shop.ctx;
    const packer = await keeper(shop);
    for (const code of serials.slice(0, 40)) {
      const [into, to] = await Promise.all([
        cartons.put(sscc, code, packer),
        units.bind({ code, order: order._id, line: 0, by: packer.id }),
      ]);
      const inside = (await carton(sscc)).units.includes(code);
      const bound = (await units.byCode(code))!.order === order._id;
      expect([inside, bound]).toEqual(['unit' in into, 'unit' in to]);
      expect(inside && bound).toBe(false);
    }
  });

  test('that a process died over goes back to the shelf', async () => {
    const { order, sscc, serials } = await ready({ inside: 3, ordered: 3 });
    const at = clock.now();
    await shop.ctx.db
      .collection<{ _id: string }>('cartons')
      .updateOne({ _id: sscc }, { $set: { state: 'stowing', order: order._id, line: 0, since: at } });
    const command = { code: serials[0]!, order: order._id, line: 0, by: 'dead', carton: sscc };
    expect(await shop.ctx.units.bind(command)).toMatchObject({ again: false });
    expect((await scan(order, sscc)).body.code).toBe('carton_busy');
    clock.forward(61_000);
    expect(await shop.ctx.stowing.settle()).toBe(1);
    expect(await shop.ctx.units.ofOrder(order._id)).toEqual([]);
    expect((await scan(order, sscc)).body.ok).toBe(true);
  });
});

describe('the road of a carton', () => {
  test('is jars in a carton in a parcel, shown on the jar’s page and valid as EPCIS, out and in again', async () => {
    const { order, sscc, serials, lot } = await ready({ inside: 2, ordered: 3 });
    await scan(order, sscc);
    await scan(order, serials[2]!);
    expect((await box(order, 3)).status).toBe(303);
    const road = () => shop.ctx.events.ofLot(lot._id);
    await until(road, (events) => events.some(({ step }) => step === 'packed'));
    const [cased, packed] = await Promise.all(
      (['cased', 'packed'] as const).map(async (step) => (await road()).find((one) => one.step === step)!),
    );
    expect(cased!.event).toMatchObject({
      type: 'AggregationEvent',
      action: 'ADD',
      bizStep: 'packing',
      parentID: `https://id.gs1.org/00/${sscc}`,
    });
    expect(cased!.units.toSorted()).toEqual(serials.slice(0, 2).toSorted());
    const children = packed!.event['childEPCs'] as string[];
    expect(children[0]).toBe(`https://id.gs1.org/00/${sscc}`);
    expect(packed!.units).toEqual([serials[2]]);

    const document = await shop.ctx.exchange.documentOf(lot);
    expect(shop.ctx.exchange.faultsOf(document)).toEqual([]);
    expect(gs1Faults(document)).toEqual([]);
    expect(await shop.ctx.exchange.importInto(lot, document, 'keeper')).toBe(0);

    const answer = await new Client(shop.url).get(`/api/trace/${serials[0]!}`);
    const { road: steps } = (await answer.json()) as { road: { step: string }[] };
    expect(steps.map(({ step }) => step)).toEqual(expect.arrayContaining(['cased', 'packed']));
    const loose = await new Client(shop.url).get(`/api/trace/${serials[2]!}`);
    expect(JSON.stringify(await loose.json())).not.toContain('cased');
  });

  test('ends when it is taken apart', async () => {
    const { sscc, lot } = await ready({ inside: 2, ordered: 1 });
    await member.form(`${place(sscc)}/unpack`, {});
    const road = () => shop.ctx.events.ofLot(lot._id);
    const events = await until(road, (found) => found.some(({ step }) => step === 'uncased'));
    const apart = events.find(({ step }) => step === 'uncased')!;
    expect(apart.event).toMatchObject({ action: 'DELETE', bizStep: 'unpacking' });
    expect(apart.units).toHaveLength(2);
  });

  test('is verified: contents that somebody changed afterwards are found', async () => {
    const { sscc, lot, serials } = await ready({ inside: 2, ordered: 1 });
    await until(
      () => shop.ctx.events.ofLot(lot._id),
      (events) => events.some(({ step }) => step === 'cased'),
    );
    const about = async () =>
      (await shop.ctx.verifier.verify()).findings.filter(({ where }) => where === lot.code);
    expect(await about()).toEqual([]);
    const cartons = shop.ctx.db.collection<{ _id: string }>('cartons');
    await cartons.updateOne({ _id: sscc }, { $set: { packed: [serials[0]!] } });
    expect((await about()).map(({ kind }) => kind)).toEqual(['carton_changed']);
    await cartons.updateOne({ _id: sscc }, { $set: { packed: serials.slice(0, 2) } });
    await shop.ctx.db
      .collection<{ _id: string }>('units')
      .updateOne({ _id: serials[0]! }, { $set: { order: 'NOBODYSORDER' } });
    expect((await about()).map(({ kind }) => kind)).toContain('unit_out_of_carton');
  });
});

test('a carton’s label says its number in GS1’s writing and as a code that a scanner reads', async () => {
  const { sscc, lot } = await ready({ inside: 2, ordered: 1 });
  const answer = await member.form(`${place(sscc)}/label`, { sheet: 'roll_50x30' });
  const pdf = await openPdf(new Uint8Array(await answer.arrayBuffer()));
  expect(await pdf.code(1, { x: 0, y: 0, width: 50, height: 30 })).toBe(cartonLink(shop.url, sscc));
  const text = await pdf.text(1);
  expect(text).toContain(lot.code);
  expect(text.replaceAll(/\s/g, '')).toContain(`(00)${sscc}`);
  await pdf.close();
});

test('a stranger who opens a carton’s code learns its lot, and not what is in it', async () => {
  const { sscc, lot } = await ready({ inside: 2, ordered: 1 });
  const stranger = new Client(shop.url);
  const answer = await stranger.request(`/00/${sscc}`, { redirect: 'manual' });
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe(`/trace/${lot.code}?carton=1`);
  // What stands below the code is typed in as any other code is.
  const typed = await stranger.get(`/trace?code=${encodeURIComponent(spokenSscc(sscc))}`);
  const found = await stranger.get(typed.headers.get('location')!);
  expect(found.headers.get('location')).toBe(answer.headers.get('location'));
  const page = await (await stranger.get(found.headers.get('location')!)).text();
  expect(page).toContain(shop.ctx.translator.for('zh-CN')('trace.carton'));
  const slip = await (await stranger.get(`/00/${sscc.slice(0, 17)}${(Number(sscc[17]) + 1) % 10}`)).text();
  expect(slip).toContain(shop.ctx.translator.for('zh-CN')('trace.typing.carton'));
  const strange = await stranger.get(`/00/${ssccOf('2900000', '9999999999')}`);
  expect(await strange.text()).toContain(shop.ctx.translator.for('zh-CN')('trace.verdict.unknown.word'));
  expect((await stranger.get(`/00/${ssccOf('2900000', '9999999999')}`)).status).toBe(404);
  expect((await stranger.get(`/00/${sscc.slice(0, 17)}x`)).status).toBe(404);
});
