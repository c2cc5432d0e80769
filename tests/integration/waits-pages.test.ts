import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { HUNAN, unescaped } from '../support/checkout.ts';
import { Client, until } from '../support/client.ts';
import { registered } from '../support/people.ts';
import { inDatabase, movableClock, openTestShop, type TestShop } from '../support/shop.ts';

interface Waits {
  signedIn: boolean;
  items: { sku: string; standing: string; ahead: number; payUrl: string | null }[];
}

const clock = movableClock();
let shop: TestShop;
beforeAll(async () => {
  const uri = inDatabase(inject('engineUri'), `waitpages_${newId().slice(0, 8)}`);
  shop = await openTestShop({ demo: true, clock, uri });
});
afterAll(() => shop.close());

const DAY_MS = 24 * 3_600_000;
let turn = 0;

/** Another product for each test, with nothing left of its first variant, and a way to give one piece back. */
async function soldOut() {
  const { items } = shop.ctx.catalog.list({ q: '', sort: 'recommended', limit: 20 });
  const item = items[turn++]!;
  const { sku } = item.variants[0]!;
  const id = newId();
  const buyer = { id, guest: true, name: '', roles: [], ids: [id] };
  const codes: string[] = [];
  const order = async (qty: number) => {
    const { order: placed } = await shop.ctx.orders.place({ clickId: newId(), lines: [{ sku, qty }] }, buyer);
    codes.push(placed._id);
  };
  await order(1);
  for (;;) {
    const left = (await shop.ctx.stock.availability([sku])).get(sku) ?? 0;
    if (left === 0) break;
    await order(Math.min(99, left));
  }
  const giveBack = () => shop.ctx.orders.cancel(codes[0]!, { id, mine: () => true });
  return { sku, slug: item.slug, giveBack };
}

/** Somebody with an account, and the address that mails to them go to. */
async function buyer() {
  const { visitor, login } = await registered(new Client(shop.url));
  return Object.assign(visitor, { login });
}

const join = (client: Client, slug: string, sku: string) =>
  client.form(`/products/${slug}/wait`, { sku, on: '1' });
const waitsOf = async (client: Client) => (await (await client.get('/api/waits')).json()) as Waits;
const attend = () => shop.ctx.orders.attendLines();

describe('the line, from a product page', () => {
  test('is joined by whoever has signed in, told, and left', async () => {
    const { sku, slug } = await soldOut();
    const page = await (await new Client(shop.url).get(`/products/${slug}`)).text();
    expect(page).toContain(`data-wait-for="${sku}"`);

    const stranger = new Client(shop.url);
    const refused = await stranger.form(`/products/${slug}/wait`, { sku, on: '1' });
    expect(refused.status).toBe(401);
    expect(unescaped(await refused.text())).toContain(
      `/login?next=${encodeURIComponent(`/products/${slug}/wait`)}`,
    );
    const back = await stranger.get(`/products/${slug}/wait`);
    expect(back.headers.get('location')).toBe(`/products/${slug}#waiting`);

    const [first, second] = [await buyer(), await buyer()];
    expect((await first.form(`/products/${slug}/wait`, { sku, on: '1' })).headers.get('location')).toBe(
      '/account/waits',
    );
    clock.forward(1_000);
    await second.form(`/products/${slug}/wait`, { sku, on: '1' });
    expect((await waitsOf(second)).items).toMatchObject([{ sku, standing: 'waiting', ahead: 1 }]);
    expect(await (await second.get('/account/waits')).text()).toContain(`/products/${slug}`);
    await first.form('/account/waits', { sku, on: '0' });
    expect((await waitsOf(first)).items).toEqual([]);
    expect((await waitsOf(second)).items).toMatchObject([{ sku, ahead: 0 }]);
  });

  test('is not for what is in stock, nor for what another page sells', async () => {
    const { slug } = await soldOut();
    const other = shop.ctx.catalog.list({ q: '', sort: 'recommended', limit: 20 }).items[turn + 3]!;
    const client = await buyer();
    const elsewhere = await client.form(`/products/${slug}/wait`, { sku: other.variants[0]!.sku, on: '1' });
    expect(elsewhere.status).toBe(404);
    const there = await client.form(`/products/${other.slug}/wait`, { sku: other.variants[0]!.sku, on: '1' });
    expect(there.status).toBe(409);
  });

  test('calls by mail and on every page, and what it offers goes to the address book and is paid', async () => {
    const { sku, slug, giveBack } = await soldOut();
    const client = await buyer();
    await client.form('/account/addresses', HUNAN);
    await client.form(`/products/${slug}/wait`, { sku, on: '1' });
    await giveBack();
    const { items } = await until(
      () => waitsOf(client),
      ({ items: [item] }) => item?.standing === 'offered',
    );
    const code = items[0]!.payUrl!.split('/').at(-1)!;
    const order = (await shop.ctx.orders.byCode(code))!;
    expect(order).toMatchObject({ state: 'awaiting_payment', address: { city: '长沙市' }, live: null });
    expect(order.expiresAt.getTime() - order.createdAt.getTime()).toBe(30 * 60_000);

    const me = (await (await client.get('/api/me')).json()) as { offered?: { payUrl: string } };
    expect(me.offered?.payUrl).toBe(`/orders/${code}`);
    const mails = () => shop.ctx.db.collection('mails').find({ to: client.login }).toArray();
    const [mail] = await until(mails, (found) => found.length > 0);
    expect(mail).toMatchObject({ _id: `${code}:offered`, about: { kind: 'offered', order: code } });
    const name = order.lines[0]!.name['zh-CN'];
    const content = await shop.ctx.orderMails.compose({ kind: 'offered', order: code }, 'zh-CN');
    expect(content?.subject).toContain(name);

    const paying = await client.form(`/orders/${code}/pay`, {});
    expect([paying.status, paying.headers.get('location')]).toEqual([
      303,
      expect.stringContaining('/cashier/'),
    ]);
  });

  test('stays for weeks, calls again whoever missed it, and is put away', async () => {
    const { sku, slug, giveBack } = await soldOut();
    const client = await buyer();
    await join(client, slug, sku);
    clock.forward(25 * DAY_MS);
    await attend();
    expect((await waitsOf(client)).items).toMatchObject([{ standing: 'waiting' }]);
    await giveBack();
    await until(
      () => waitsOf(client),
      ({ items: [item] }) => item?.standing === 'offered',
    );
    clock.forward(31 * 60_000);
    await shop.ctx.orders.expireHolds();
    await until(
      () => waitsOf(client),
      ({ items: [item] }) => item?.standing === 'missed',
    );
    expect(((await (await client.get('/api/me')).json()) as { offered?: object }).offered).toBeUndefined();
    await client.form('/account/waits', { sku, on: '0' });
    expect((await waitsOf(client)).items).toEqual([]);
  });

  test('does not stand still behind somebody who wants more than there is', async () => {
    const { sku, giveBack } = await soldOut();
    const id = newId();
    await shop.ctx.orders.joinLine(
      { sku, qty: 5, live: null },
      { id, guest: true, name: '', roles: [], ids: [id] },
    );
    await giveBack();
    const [wait] = await until(
      () => shop.ctx.orders.waitsOf({ ids: [id] }),
      ([one]) => one?.standing === 'offered',
    );
    expect(wait?.order?.lines).toMatchObject([{ sku, qty: 1 }]);
    expect(await shop.ctx.orders.audit()).toEqual([]);
  });

  test('is given up after thirty days', async () => {
    const { sku, slug } = await soldOut();
    const client = await buyer();
    await join(client, slug, sku);
    clock.forward(31 * DAY_MS);
    await attend();
    expect((await waitsOf(client)).items).toEqual([]);
  });
});
