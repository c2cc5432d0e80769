import { describe, expect, test } from 'vitest';
import {
  allocate,
  leftOver,
  piecesOn,
  type Allocation,
  type Take,
  type Wanted,
} from '../../server/stock/allocation.rules.ts';
import { forSeeds, type Random } from '../support/random.ts';

const SKUS = ['A', 'B', 'C'] as const;

function anyBatch(random: Random): { wanted: Wanted[]; takes: Take[] } {
  const wanted = Array.from({ length: random.int(0, 25) }, (_item, index) => ({
    id: `r${index}`,
    lines: Array.from({ length: random.int(1, 3) }, () => ({
      sku: random.pick(SKUS),
      qty: random.int(1, 6),
    })),
  }));
  const takes = Array.from({ length: random.int(0, 6) }, (_item, index) => ({
    lot: `l${index}`,
    sku: random.pick(SKUS),
    qty: random.int(1, 30),
  }));
  return { wanted, takes };
}

const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, n) => total + n, 0);

function givenFrom(lot: string, { granted }: Allocation): number {
  return sum([...granted.values()].flat(2).map((part) => (part.lot === lot ? part.qty : 0)));
}

function neededOf(sku: string, { lines }: Wanted): number {
  return sum(lines.map((line) => (line.sku === sku ? line.qty : 0)));
}

describe('sharing out, whatever was asked and taken', () => {
  test('gives of each lot what was taken of it, and the rest is exactly what nobody got', () => {
    forSeeds(500, (random) => {
      const { wanted, takes } = anyBatch(random);
      const shares = allocate(wanted, takes);
      for (const { lot, qty } of takes) {
        const rest = sum(shares.rest.filter((take) => take.lot === lot).map((take) => take.qty));
        expect(givenFrom(lot, shares) + rest).toBe(qty);
      }
      expect(shares.rest.every(({ qty }) => qty > 0)).toBe(true);
    });
  });

  test('gives a request all of its lines, from lots of the right product, or nothing', () => {
    forSeeds(500, (random) => {
      const { wanted, takes } = anyBatch(random);
      const { granted } = allocate(wanted, takes);
      const skuOf = new Map(takes.map(({ lot, sku }) => [lot, sku]));
      for (const { id, lines } of wanted) {
        const lots = granted.get(id);
        if (!lots) continue;
        expect(lots).toHaveLength(lines.length);
        lines.forEach(({ sku, qty }, index) => {
          expect(sum(lots[index]!.map((part) => part.qty))).toBe(qty);
          expect(lots[index]!.every((part) => part.qty > 0 && skuOf.get(part.lot) === sku)).toBe(true);
        });
      }
    });
  });

  test('serves first who came first: nobody is refused what was left after those before', () => {
    forSeeds(500, (random) => {
      const { wanted, takes } = anyBatch(random);
      const { granted } = allocate(wanted, takes);
      const left = new Map(
        SKUS.map((sku) => [sku, sum(takes.filter((t) => t.sku === sku).map((t) => t.qty))]),
      );
      for (const request of wanted) {
        const enough = SKUS.every((sku) => left.get(sku)! >= neededOf(sku, request));
        expect(granted.has(request.id)).toBe(enough);
        if (enough) for (const sku of SKUS) left.set(sku, left.get(sku)! - neededOf(sku, request));
      }
    });
  });

  test('comes to the same a second time, and changes nothing that it was given', () => {
    forSeeds(100, (random) => {
      const { wanted, takes } = anyBatch(random);
      const before = structuredClone({ wanted, takes });
      const first = allocate(wanted, takes);
      expect(allocate(wanted, takes)).toEqual(first);
      expect({ wanted, takes }).toEqual(before);
    });
  });
});

describe('sharing out', () => {
  test('empties lots in the order in which they were taken', () => {
    const takes = [
      { lot: 'old', sku: 'A', qty: 2 },
      { lot: 'new', sku: 'A', qty: 5 },
    ];
    const { granted, rest } = allocate([{ id: 'r', lines: [{ sku: 'A', qty: 3 }] }], takes);
    expect(granted.get('r')).toEqual([[{ lot: 'old', qty: 2 }, { lot: 'new', qty: 1 }]]); // prettier-ignore
    expect(rest).toEqual([{ lot: 'new', sku: 'A', qty: 4 }]);
  });

  test('passes over one who asks too much, and serves the next', () => {
    const takes = [{ lot: 'l', sku: 'A', qty: 3 }];
    const want = (id: string, qty: number) => ({ id, lines: [{ sku: 'A', qty }] });
    const { granted, rest } = allocate([want('one', 2), want('greedy', 2), want('last', 1)], takes);
    expect([...granted.keys()]).toEqual(['one', 'last']);
    expect(rest).toEqual([]);
  });

  test('counts two lines of one product together', () => {
    const lines = [{ sku: 'A', qty: 2 }, { sku: 'A', qty: 2 }]; // prettier-ignore
    expect(allocate([{ id: 'r', lines }], [{ lot: 'l', sku: 'A', qty: 3 }]).granted.size).toBe(0);
    expect(allocate([{ id: 'r', lines }], [{ lot: 'l', sku: 'A', qty: 4 }]).granted.size).toBe(1);
  });
});

describe('what is left over', () => {
  test('is what allocating leaves, to the piece', () => {
    forSeeds(200, (random) => {
      const { wanted, takes } = anyBatch(random);
      const { granted, rest } = allocate(wanted, takes);
      expect(leftOver(takes, [...granted.values()].flat(2))).toEqual(rest);
    });
  });

  test('is more when an order that was granted did not come to be', () => {
    const takes = [
      { lot: 'l1', sku: 'A', qty: 3 },
      { lot: 'l2', sku: 'A', qty: 2 },
    ];
    expect(leftOver(takes, [{ lot: 'l1', qty: 2 }])).toEqual([
      { lot: 'l1', sku: 'A', qty: 1 },
      { lot: 'l2', sku: 'A', qty: 2 },
    ]);
    expect(leftOver(takes, [])).toEqual(takes);
  });
});

test('pieces on the shelf are summed by SKU, and what is not there is none', () => {
  const shelf = [
    { _id: 'l1', sku: 'A', available: 3 },
    { _id: 'l2', sku: 'A', available: 2 },
  ];
  expect(piecesOn(shelf, ['A', 'B'])).toEqual(
    new Map([
      ['A', 5],
      ['B', 0],
    ]),
  );
});
