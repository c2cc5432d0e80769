import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Order } from '../../server/orders/index.ts';
import { newId } from '../../server/platform/ids.ts';
import { grouped } from '../../server/trace/index.ts';
import { Client, until } from '../support/client.ts';
import { keeper, labelledLot, linkFor } from '../support/labelled.ts';
import { guest } from '../support/checkout.ts';
import { paidOrder } from '../support/paid.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let member: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  member = await signedIn('coop@demo.test');
});
afterAll(() => shop.close());

async function signedIn(login: string) {
  const client = new Client(shop.url);
  await client.logIn(login);
  return client;
}

interface Said {
  ok: boolean;
  code: string;
  table: { scanned: number; total: number; lines: { units: { serial: string; loose: boolean }[] }[] };
}

interface Answer {
  status: number;
  body: Said & { error?: { code: string } };
}

/** As the page's script asks. */
async function ask(path: string, fields: Record<string, string>, who: Client): Promise<Answer> {
  const answer = await who.request(path, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(fields),
  });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

const scan = ({ _id }: Order, code: string, who = member, coop = 'huifeng') =>
  ask(`/coop/orders/${_id}/scan`, { coop, code }, who);
const undo = ({ _id }: Order, serial: string, who = member) =>
  ask(`/coop/orders/${_id}/scan/undo`, { coop: 'huifeng', serial }, who);

/** An order whose pieces are all of a lot with codes. */
async function ready(qty: number, sku = 'HNY-500') {
  const made = await labelledLot(shop, sku, qty + 2);
  const order = await paidOrder(shop, [{ sku, qty }]);
  expect(order.lines[0]!.lots.map(({ lot }) => lot)).toEqual([made.lot._id]);
  return { ...made, order };
}

describe('a scanned piece', () => {
  test('goes to its line by link, by short code and by a scanner’s form, once', async () => {
    const { order, lot, serials } = await ready(3);
    const [a, b, c] = serials as [string, string, string];
    const first = await scan(order, await linkFor(shop, lot, a));
    expect(first.body).toMatchObject({ ok: true, code: 'bound', table: { scanned: 1, total: 3 } });
    expect((await scan(order, grouped(b).toLowerCase())).body.ok).toBe(true);
    expect((await scan(order, b)).body).toMatchObject({ ok: true, code: 'again', table: { scanned: 2 } });
    const form = await member.form(`/coop/orders/${order._id}/scan`, { coop: 'huifeng', code: c });
    expect(form.status).toBe(200);
    expect(await form.text()).toContain(grouped(c));
    expect((await scan(order, serials[3]!)).body).toMatchObject({ ok: false, code: 'too_many' });
  });

  test('is taken out again, and may go to another order', async () => {
    const { order, serials } = await ready(2);
    const other = await paidOrder(shop, [{ sku: 'HNY-500', qty: 1 }]);
    await scan(order, serials[0]!);
    expect((await scan(other, serials[0]!)).body).toMatchObject({ ok: false, code: 'already_sold' });
    expect((await undo(order, serials[0]!)).body.table.scanned).toBe(0);
    expect((await scan(other, serials[0]!)).body.ok).toBe(true);
    expect((await undo(order, serials[0]!)).status).toBe(404);
  });

  test('belongs to the box that it is packed into, and comes out of no closed one', async () => {
    const { order, serials } = await ready(2);
    await scan(order, serials[0]!);
    await member.form(`/coop/orders/${order._id}/parcels`, {
      ...{ coop: 'huifeng', commandId: newId(), line: '0', qty: '1' },
    });
    const bound = () => shop.ctx.units.ofOrder(order._id);
    await until(bound, ([unit]) => unit?.parcel !== null);
    expect((await undo(order, serials[0]!)).body.error?.code).toBe('conflict');
    const page = await (await member.get(`/coop/orders/${order._id}/scan?coop=huifeng`)).text();
    expect(page).toContain((await bound())[0]!.parcel!);
    // The rest of the order is scanned as before.
    expect((await scan(order, serials[1]!)).body.ok).toBe(true);
  });

  test('is not needed: an order is packed without any', async () => {
    const { order } = await ready(1);
    const answer = await member.form(`/coop/orders/${order._id}/parcels`, {
      ...{ coop: 'huifeng', commandId: newId(), line: '0', qty: '1' },
    });
    expect(answer.status).toBe(303);
    expect((await shop.ctx.orders.byCode(order._id))!.parcels).toHaveLength(1);
  });

  test('by two tables at once goes to one of them', async () => {
    const { serials, order } = await ready(1);
    const other = await paidOrder(shop, [{ sku: 'HNY-500', qty: 1 }]);
    const both = await Promise.all([scan(order, serials[0]!), scan(other, serials[0]!)]);
    expect(both.filter(({ body }) => body.ok)).toHaveLength(1);
  });
});

describe('refused is', () => {
  let made: Awaited<ReturnType<typeof ready>>;
  beforeAll(async () => {
    made = await ready(2);
  });
  const refused = async (code: string) => {
    const { status, body } = await scan(made.order, code);
    expect(status).toBe(409);
    return body.code;
  };

  test('a typing error', async () => {
    const [serial] = made.serials as [string];
    const other = serial[3] === '2' ? '3' : '2';
    expect(await refused(serial.slice(0, 3) + other + serial.slice(4))).toBe('typing');
    expect(await refused('hello')).toBe('typing');
  });

  test('a forged label, and one that was changed', async () => {
    const link = await linkFor(shop, made.lot, made.serials[0]!);
    const url = new URL(link);
    url.searchParams.set('17', '301231');
    expect(await refused(url.href)).toBe('altered');
    url.searchParams.set('s', 'A'.repeat(92));
    expect(await refused(url.href)).toBe('forged');
    const other = await labelledLot(shop, 'HNY-1000', 1);
    // A true signature of another piece on this one's code.
    const stolen = new URL(await linkFor(shop, other.lot, other.serials[0]!)).searchParams.get('s')!;
    const pasted = new URL(link);
    pasted.searchParams.set('s', stolen);
    expect(await refused(pasted.href)).toBe('altered');
  });

  test('what this order has not', async () => {
    const other = await labelledLot(shop, 'HNY-1000', 1);
    expect(await refused(other.serials[0]!)).toBe('wrong_product');
  });

  test('another lot of the same thing', async () => {
    const other = await labelledLot(shop, 'HNY-500', 1);
    expect(await refused(other.serials[0]!)).toBe('wrong_lot');
  });

  test('a code that is void, and one that nobody gave out', async () => {
    await shop.ctx.units.revoke(made.serials[3]!, 'keeper');
    expect(await refused(made.serials[3]!)).toBe('revoked');
    const { serials } = await labelledLot(shop, 'HNY-500', 1);
    await shop.ctx.db.collection<{ _id: string }>('units').deleteOne({ _id: serials[0]! });
    expect(await refused(serials[0]!)).toBe('unknown');
  });

  test('a piece of a recalled lot', async () => {
    const { order, lot, serials } = await ready(1);
    const command = {
      commandId: newId(),
      why: '检出异物',
      advice: '',
      offersRefund: false,
      confirm: 'yes',
    } as const;
    await shop.ctx.recalls.start(lot.code, command, await keeper(shop));
    expect((await scan(order, serials[0]!)).body).toMatchObject({ ok: false, code: 'recalled' });
  });

  test('an order that is not to be packed', async () => {
    const { serials } = await labelledLot(shop, 'HNY-500', 1);
    const line = { sku: 'HNY-500', qty: 1 };
    const { order } = await shop.ctx.orders.place({ clickId: newId(), lines: [line] }, guest());
    expect(order.state).toBe('awaiting_payment');
    expect((await scan(order, serials[0]!)).body.code).toBe('not_now');
  });

  test('everybody but the cooperative’s members', async () => {
    const [serial] = made.serials as [string];
    const shopper = await signedIn('shopper@demo.test');
    expect((await scan(made.order, serial, shopper)).status).toBe(403);
    expect((await scan(made.order, serial, new Client(shop.url))).status).toBe(401);
    expect((await scan(made.order, serial, member, 'huangshaping')).status).toBe(404);
    expect((await scan(made.order, serial, member, 'tongcha')).status).toBe(404);
    expect((await shopper.get(`/coop/orders/${made.order._id}/scan`)).status).toBe(403);
  });
});
