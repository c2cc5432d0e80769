import { describe, expect, test } from 'vitest';
import {
  canonical,
  firstBreak,
  GENESIS,
  leafOf,
  merkleProof,
  merkleRoot,
  rootOf,
  sha256,
} from '../../server/trace/chain.rules.ts';
import { eventOf, previousOf, type Happening } from '../../server/trace/epcis.rules.ts';
import { contentsOf } from '../../server/trace/roads.rules.ts';
import { shownGrower, type GrowerLook } from '../../server/trace/growers.rules.ts';
import { howOften, looksCopied, networkOf } from '../../server/trace/scans.rules.ts';
import { mayBind, statesBefore, UNIT_MOVES } from '../../server/trace/units.rules.ts';

describe('canonical JSON', () => {
  test('RFC 8785: members by name, no white space, numbers and strings as ECMAScript writes them', () => {
    expect(canonical({ b: [1, 1e21, 0.1, -0], a: { z: null, ä: '€\n"', A: true } })).toBe(
      '{"a":{"A":true,"z":null,"ä":"€\\n\\""},"b":[1,1e+21,0.1,0]}',
    );
    expect(canonical({ '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': 4, '\u0080': 5 })).toBe(
      '{"\\r":2,"1":3,"\u0080":5,"\u20ac":1,"\ud83d\ude00":4}',
    );
  });
});

function chain(length: number) {
  let previous = GENESIS;
  return Array.from({ length }, (_item, at) => {
    const happening: Happening = { key: `k${at}`, step: 'inspecting', at: new Date(at), by: 'x' };
    const body = canonical(eventOf('lot', happening, previous, new Date(at)));
    const hash = sha256(body);
    previous = hash;
    return { seq: at + 1, body, hash };
  });
}

describe('a chain', () => {
  test('whole, it has no break', () => expect(firstBreak(chain(5), previousOf)).toBeUndefined());

  test('any one changed character is found at its place', () => {
    const links = chain(3);
    for (let at = 0; at < links[1]!.body.length; at += 1) {
      const { body } = links[1]!;
      const changed = body.slice(0, at) + (body[at] === 'x' ? 'y' : 'x') + body.slice(at + 1);
      const found = firstBreak([links[0]!, { ...links[1]!, body: changed }, links[2]!], previousOf);
      expect(found).toEqual({ seq: 2, what: 'changed' });
    }
  });

  test('an event written anew with its hash is found by the next one, one taken out by its number', () => {
    const links = chain(4);
    const body = links[1]!.body.replace('inspecting', 'storing');
    const anew = [links[0]!, { seq: 2, body, hash: sha256(body) }, ...links.slice(2)];
    expect(firstBreak(anew, previousOf)).toEqual({ seq: 3, what: 'cut' });
    expect(firstBreak([links[0]!, ...links.slice(2)], previousOf)).toEqual({ seq: 2, what: 'missing' });
  });
});

describe('roots', () => {
  test('every leaf of every tree up to 33 proves itself and nothing else', () => {
    for (let size = 1; size <= 33; size += 1) {
      const leaves = Array.from({ length: size }, (_item, at) => leafOf(`L${at}`, sha256(String(at))));
      const root = merkleRoot(leaves)!;
      for (const [at, leaf] of leaves.entries()) {
        const proof = merkleProof(leaves, at);
        expect(rootOf(leaf, proof)).toBe(root);
        expect(rootOf(leafOf('other', sha256('x')), proof)).not.toBe(root);
      }
    }
  });
});

describe('units', () => {
  test('every state is reached, and only what lies ready is bound', () => {
    const seen = new Set(['commissioned']);
    for (const state of seen) for (const to of UNIT_MOVES[state as 'packed']) seen.add(to);
    expect([...seen].sort()).toEqual(Object.keys(UNIT_MOVES).sort());
    expect(statesBefore('packed').sort()).toEqual(['commissioned', 'returned']);
    const to = { order: 'O', line: 0, lots: ['a'] };
    const unit = { state: 'commissioned', lot: 'a', order: null, line: null } as const;
    expect(mayBind(unit, to, 'open')).toBe('yes');
    expect(mayBind({ ...unit, lot: 'b' }, to, 'open')).toBe('wrong_lot');
    expect(mayBind(unit, to, 'recalled')).toBe('recalled');
    expect(mayBind(unit, to, 'blocked')).toBe('blocked');
    expect(mayBind({ ...unit, state: 'revoked' }, to, 'open')).toBe('revoked');
    expect(mayBind({ ...unit, state: 'packed', order: 'O', line: 0 }, to, 'open')).toBe('done');
    for (const state of ['packed', 'shipped', 'sold'] as const) {
      expect(mayBind({ ...unit, state, order: 'P', line: 0 }, to, 'open')).toBe('already_sold');
    }
  });

  test('what is in a box: bound units say it, the rest goes by the lots of the line', () => {
    const order = {
      lines: [
        {
          lots: [
            { lot: 'a', qty: 2 },
            { lot: 'b', qty: 3 },
          ],
        },
      ],
      parcels: [
        { code: 'P1', items: [{ line: 0, qty: 3 }] },
        { code: 'P2', items: [{ line: 0, qty: 2 }] },
      ],
    } as unknown as Parameters<typeof contentsOf>[0];
    const unit = (id: string, lot: string, parcel: string) =>
      ({ _id: id, lot, parcel, line: 0 }) as Parameters<typeof contentsOf>[1][number];
    const plain = contentsOf(order, []);
    expect([...plain.get('P1')!].map(([lot, { qty }]) => [lot, qty])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect([...plain.get('P2')!].map(([lot, { qty }]) => [lot, qty])).toEqual([['b', 2]]);
    const bound = contentsOf(order, [unit('u1', 'b', 'P1'), unit('u2', 'b', 'P1'), unit('u3', 'b', 'P1')]);
    expect([...bound.get('P1')!]).toEqual([['b', { qty: 3, serials: ['u1', 'u2', 'u3'] }]]);
    expect([...bound.get('P2')!].map(([lot, { qty }]) => [lot, qty])).toEqual([['a', 2]]);
  });
});

describe('what strangers may see', () => {
  const grower: GrowerLook = {
    name: { 'zh-CN': '林边养蜂组', en: 'Woodside' },
    nameShown: 'full',
    plot: {
      name: { 'zh-CN': '后山', en: 'Back hill' },
      township: { 'zh-CN': '儒林镇', en: 'Rulin' },
      lat: 26.38512,
      lng: 110.33178,
      mu: 12,
    },
    plotShown: 'plot',
    words: { 'zh-CN': '话', en: 'words' },
    picture: 'media:x',
  };
  const county = { 'zh-CN': '城步', en: 'Chengbu' };

  test('of a grower: only what the grower lets be seen, and a point no finer than the words', () => {
    expect(shownGrower(grower, county, 'en')).toMatchObject({
      name: 'Woodside',
      place: 'Rulin, Back hill',
      mu: 12,
      point: { lat: 26.385, lng: 110.332 },
    });
    expect(shownGrower({ ...grower, nameShown: 'initial', plotShown: 'township' }, county, 'zh-CN')).toEqual({
      name: '林**',
      place: '儒林镇',
      point: { lat: 26.39, lng: 110.33 },
    });
    expect(shownGrower({ ...grower, nameShown: 'hidden', plotShown: 'county' }, county, 'en')).toEqual({
      place: 'Chengbu',
    });
    expect(shownGrower({ ...grower, nameShown: 'hidden', plotShown: 'hidden' }, county, 'en')).toEqual({});
  });

  test('of looks: a word, never a number; many networks look like copies', () => {
    expect([0, 1, 2, 5, 6, 20, 21, 5_000].map(howOften)).toEqual([
      ...['first', 'few', 'few', 'few', 'often', 'often', 'many', 'many'],
    ]);
    const look = { mostPlaces: 2, allPlaces: 4, placesAfterSale: 1 };
    const nowhere = { firstProvince: null, provincesToday: [], mostProvinces: 0, provinces: [] };
    const seen = { ...look, ...nowhere, provincesAfterSale: [] };
    const looks = { ...seen, first: new Date(), count: 9, day: '', people: [], places: [] };
    expect(looksCopied(looks)).toBe(false);
    expect(looksCopied({ ...looks, mostPlaces: 6 })).toBe(true);
    expect(looksCopied({ ...looks, placesAfterSale: 12 })).toBe(true);
    expect(networkOf('::ffff:10.1.2.3')).toBe('10.1');
    expect(networkOf('2001:db8:1:2::3')).toBe('2001:db8');
  });
});
