import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../server/platform/ids.ts';
import { readLink } from '../../server/trace/index.ts';
import { Client } from '../support/client.ts';
import { keeper, labelledLot, linkFor } from '../support/labelled.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
let admin: Client;

beforeAll(async () => {
  shop = await openTestShop({ demo: true });
  admin = new Client(shop.url);
  await admin.logIn('admin@demo.test');
});
afterAll(() => shop.close());

const text = async (path: string, who = admin) => (await who.get(path)).text();
const verdict = async (link: string) => {
  const page = await (await new Client(shop.url).get(link.slice(shop.url.length))).text();
  return page.match(/trace-verdict--(\w+)/)?.[1];
};

test('keys are an admin’s business only', async () => {
  for (const login of ['coop@demo.test', 'host@demo.test', 'shopper@demo.test']) {
    const other = new Client(shop.url);
    await other.logIn(login);
    expect((await other.get('/admin/keys')).status).toBe(403);
    expect((await other.form('/admin/keys/rotate', { confirm: 'yes' })).status).toBe(403);
    const id = await shop.ctx.signing.active();
    expect((await other.form(`/admin/keys/${id}/revoke`, { why: 'because', again: id })).status).toBe(403);
  }
  expect((await new Client(shop.url).get('/admin/keys')).status).toBe(401);
});

test('a new key signs new labels, the old ones stay good, and the page counts what each has signed', async () => {
  const { lot, run, serials } = await labelledLot(shop, 'HNY-500', 5);
  const before = await shop.ctx.signing.active();
  const print = (from: number, to: number) =>
    shop.ctx.labels.print(
      lot.code,
      {
        ...{ commandId: newId(), run: run.id, sheet: 'a4_70x37', format: 'pdf' },
        ...{ from, to, codes: [], why: '' },
      },
      { id: 'keeper', cooperatives: [lot.cooperative] },
    );
  await print(1, 3);
  const old = await linkFor(shop, lot, serials[0]!);
  expect((await admin.form('/admin/keys/rotate', {})).status).toBe(422);
  expect(await shop.ctx.signing.active()).toBe(before);
  expect((await admin.form('/admin/keys/rotate', { confirm: 'yes' })).status).toBe(303);
  const after = await shop.ctx.signing.active();
  expect(after).not.toBe(before);
  await print(4, 5);
  expect(await shop.ctx.labels.usesOfKeys()).toEqual(
    new Map([
      [before, { lots: 1, labels: 3 }],
      [after, { lots: 1, labels: 2 }],
    ]),
  );
  expect(await verdict(old)).toBe('good');
  const page = await text('/admin/keys');
  expect(page).toContain(before);
  expect(page).toContain(after);
  expect(page).toContain('/.well-known/jwks.json');
  for (const { sealed } of await shop.ctx.signing.keys()) expect(page).not.toContain(sealed);
});

test('what is printed is not signed with a key that another process has revoked a moment ago', async () => {
  const other = await openTestShop({ uri: shop.uri });
  try {
    const before = await shop.ctx.signing.active();
    await other.ctx.signing.revoke(before, '电脑被偷了');
    const { lot, serials } = await labelledLot(shop, 'HNY-500', 1);
    const link = await linkFor(shop, lot, serials[0]!);
    const read = readLink(link);
    if ('fault' in read) throw new Error(read.fault);
    expect(await other.ctx.signing.verdict(read.identity, read.signature)).toBe('genuine');
    expect(await shop.ctx.signing.active()).not.toBe(before);
  } finally {
    await other.close();
  }
});

test('revoking asks for a reason and for the key by its name, and tells what its labels are worth then', async () => {
  const { lot, serials } = await labelledLot(shop, 'HNY-500', 1);
  const link = await linkFor(shop, lot, serials[0]!);
  const id = await shop.ctx.signing.active();
  const revoke = (fields: Record<string, string>) => admin.form(`/admin/keys/${id}/revoke`, fields);
  expect((await revoke({ why: '', again: id })).status).toBe(422);
  expect((await revoke({ why: '电脑被偷了', again: 'abcdef' })).status).toBe(422);
  expect(await verdict(link)).toBe('good');
  expect((await revoke({ why: '电脑被偷了', again: id })).status).toBe(303);
  expect(await verdict(link)).toBe('info');
  expect(await shop.ctx.signing.active()).not.toBe(id);
  expect(await text('/admin/keys')).toContain('电脑被偷了');
  expect((await revoke({ why: '再来一次', again: id })).status).toBe(404);
  const { keys } = (await (await new Client(shop.url).get('/.well-known/jwks.json')).json()) as {
    keys: { kid: string; revoked?: string }[];
  };
  expect(keys.find(({ kid }) => kid === id)?.revoked).toBeDefined();
  // A label of that key is not to be packed any more.
  const started = await shop.ctx.cartons.start(lot.code, newId(), await keeper(shop));
  expect(await shop.ctx.cartons.put(started, link, await keeper(shop))).toEqual({ refused: 'revoked_key' });
});
