import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertNew } from '../../server/platform/db/index.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';

let shop: TestShop;
beforeAll(async () => {
  shop = await openTestShop();
});
afterAll(() => shop.close());

test('what is there stays as it is, and the places of what was kept out are told', async () => {
  const things = shop.ctx.db.collection<{ _id: string; size: number }>('things');
  expect(await insertNew(things, [])).toEqual(new Set());
  expect(await insertNew(things, [{ _id: 'a', size: 1 }])).toEqual(new Set());
  const again = [
    { _id: 'b', size: 2 },
    { _id: 'a', size: 2 },
    { _id: 'c', size: 2 },
    { _id: 'c', size: 3 },
  ];
  expect(await insertNew(things, again)).toEqual(new Set([1, 3]));
  const found = await things.find().sort({ _id: 1 }).toArray();
  expect(found.map(({ _id, size }) => `${_id}${size}`)).toEqual(['a1', 'b2', 'c2']);
});

test('what is wrong with one is not taken for its being there, whatever came before it', async () => {
  await shop.ctx.db.createCollection('sized', { validator: { size: { $gt: 0 } } });
  const sized = shop.ctx.db.collection<{ _id: string; size: number }>('sized');
  await insertNew(sized, [{ _id: 'a', size: 1 }]);
  const mixed = [
    { _id: 'a', size: 1 },
    { _id: 'b', size: 0 },
  ];
  await expect(insertNew(sized, mixed)).rejects.toMatchObject({ writeErrors: expect.anything() as unknown });
});
