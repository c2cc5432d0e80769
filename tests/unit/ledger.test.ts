import { describe, expect, test } from 'vitest';
import {
  BALANCE_NAMES,
  effectOf,
  isBalanced,
  MOVEMENT_KINDS,
  MOVEMENTS,
  NO_PIECES,
  sumLedger,
  type Balances,
  type MovementKind,
} from '../../server/stock/ledger.rules.ts';
import { forSeeds, type Random } from '../support/random.ts';

/** A movement that the lot can bear, as a store would let it through. */
function anyMovement(random: Random, balances: Balances): { kind: MovementKind; qty: number } | undefined {
  const kind = random.pick(MOVEMENT_KINDS);
  const qty = kind === 'adjusted' || kind === 'moved' ? random.int(-20, 20) : random.int(1, 20);
  const after = sumLedger([{ kind, qty }]);
  const bearable = (['available', 'held', 'sold', 'writtenOff'] as const).every(
    (name) => balances[name] + after[name] >= 0,
  );
  return bearable && qty !== 0 ? { kind, qty } : undefined;
}

describe('a ledger', () => {
  test('always adds up: what is here and gone is what came in', () => {
    forSeeds(300, (random) => {
      const ledger: { kind: MovementKind; qty: number }[] = [];
      for (let step = 0; step < 80; step += 1) {
        const movement = anyMovement(random, sumLedger(ledger));
        if (movement) ledger.push(movement);
      }
      expect(isBalanced(sumLedger(ledger))).toBe(true);
    });
  });

  test('comes to the same, whatever the order of its lines', () => {
    forSeeds(50, (random) => {
      const ledger = Array.from({ length: 30 }, () => ({
        kind: random.pick(MOVEMENT_KINDS),
        qty: random.int(1, 9),
      }));
      expect(sumLedger(random.shuffle(ledger))).toEqual(sumLedger(ledger));
    });
  });

  test('of nothing is nothing, and does not share its zeros', () => {
    const nothing = sumLedger([]);
    expect(nothing).toEqual(NO_PIECES);
    expect(nothing).not.toBe(NO_PIECES);
    sumLedger([{ kind: 'received', qty: 5 }]);
    expect(Object.values(NO_PIECES)).toEqual(BALANCE_NAMES.map(() => 0));
  });

  test('tells the life of ten pieces', () => {
    const life = [
      { kind: 'received', qty: 10 },
      { kind: 'held', qty: 4 },
      { kind: 'released', qty: 1 },
      { kind: 'sold', qty: 3 },
      { kind: 'returned', qty: 1 },
      { kind: 'written_off', qty: 2 },
      { kind: 'adjusted', qty: -1 },
      { kind: 'moved', qty: -2 },
    ] as const;
    expect(sumLedger(life)).toEqual({
      available: 3,
      held: 0,
      sold: 2,
      writtenOff: 2,
      received: 10,
      adjusted: -1,
      moved: -2,
    });
  });
});

describe('each kind of movement', () => {
  test.each(MOVEMENT_KINDS)('%s leaves the sum of both sides equal', (kind) => {
    const { available, held, sold, writtenOff, received, adjusted, moved } = {
      ...NO_PIECES,
      ...effectOf(kind, 7),
    };
    expect(available + held + sold + writtenOff).toBe(received + adjusted + moved);
    expect(Object.keys(effectOf(kind, 7))).toEqual(Object.keys(MOVEMENTS[kind]));
  });

  test('is undone by its opposite', () => {
    expect(sumLedger([{ kind: 'held', qty: 3 }, { kind: 'released', qty: 3 }])).toEqual(NO_PIECES); // prettier-ignore
  });
});

describe('balances', () => {
  const good: Balances = { ...NO_PIECES, available: 4, held: 3, sold: 2, writtenOff: 1, received: 10 };

  test('are in order when they add up', () => expect(isBalanced(good)).toBe(true));

  test.each(BALANCE_NAMES)('are not when %s is one off', (name) => {
    expect(isBalanced({ ...good, [name]: good[name] + 1 })).toBe(false);
  });

  test.each(['available', 'held', 'sold', 'writtenOff'] as const)('are not when %s is below zero', (name) => {
    expect(isBalanced({ ...NO_PIECES, [name]: -1, adjusted: -1 })).toBe(false);
  });
});
