import { describe, expect, test } from 'vitest';
import {
  commitmentOf,
  entrantId,
  hashEntrants,
  lotOf,
  sha256,
  winnersOf,
} from '../../server/draws/lottery.rules.ts';
import { prizeOfRank, saysKeyword } from '../../server/draws/draws.rules.ts';
import { checkDraw, type DrawData } from '../../public/lib/draw-check.ts';

const PRIZES = [
  { sku: 'HONEY-500', qty: 1, winners: 1 },
  { sku: 'TEA-100', qty: 2, winners: 3 },
];

function drawOf(entrants: string[], seed = sha256('a seed'), prizes = PRIZES): DrawData {
  const seedHash = sha256(seed);
  const entrantsHash = hashEntrants(entrants);
  const commitment = commitmentOf({
    ...{ draw: 'D1', seedHash, entrantsHash, prizes },
    entrants: entrants.length,
  });
  return {
    ...{
      version: 'shanxiang-draw/1',
      draw: 'D1',
      prizes,
      seedHash,
      entrantsHash,
      commitment,
      seed,
      entrants,
    },
    winners: winnersOf(seed, commitment, entrants, prizes),
  };
}

const people = (count: number) =>
  Array.from({ length: count }, (_item, index) => entrantId('secret', 'D1', `person ${index}`));

describe('the winners', () => {
  test('are as many as there are prizes, each once, best prize first', () => {
    const { winners } = drawOf(people(100));
    expect(winners.map(({ rank, prize }) => [rank, prize])).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
    expect(new Set(winners.map(({ entrant }) => entrant)).size).toBe(4);
  });

  test('are everybody when there are fewer than prizes', () => {
    expect(drawOf(people(2)).winners).toHaveLength(2);
    expect(drawOf([]).winners).toEqual([]);
  });

  test('have the lowest lots', () => {
    const data = drawOf(people(50));
    const lots = data.entrants!.map((one) => lotOf(data.seed!, data.commitment!, one)).sort();
    const won = data.winners.map(({ entrant }) => lotOf(data.seed!, data.commitment!, entrant));
    expect(won).toEqual(lots.slice(0, 4));
  });

  test('do not depend on the order of the list', () => {
    const some = people(40);
    expect(drawOf([...some].reverse()).winners).toEqual(drawOf(some).winners);
  });

  // Worked out by hand from the formula in docs/lucky-draw.md, with another program.
  test('of this list and seed never change', () => {
    const data = drawOf(people(5));
    expect(data.commitment).toBe('3390c7b25cf013aa65529585a2e8f6f11b33dbb9db89655228916ed65044134a');
    expect(data.winners[0]?.entrant).toBe('df3d0072f2b9156ed07b0bf5fd1bd88b');
  });

  /** Chi-square of who wins over many seeds; with 19 degrees of freedom 43.8 is passed by chance once in a thousand. */
  test('are anybody, equally often', () => {
    const entrants = people(20);
    const rounds = 6_000;
    const wins = new Map(entrants.map((one) => [one, 0]));
    for (let round = 0; round < rounds; round += 1) {
      const one = [{ sku: 'A', qty: 1, winners: 1 }];
      const [winner] = drawOf(entrants, sha256(`seed ${round}`), one).winners;
      wins.set(winner!.entrant, wins.get(winner!.entrant)! + 1);
    }
    const expected = rounds / entrants.length;
    const chi = [...wins.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chi).toBeLessThan(43.8);
  });

  test('of several places are drawn equally often, whatever the place', () => {
    const entrants = people(12);
    const rounds = 3_000;
    const prizes = [{ sku: 'A', qty: 1, winners: 4 }];
    const seats = new Map<string, number>();
    for (let round = 0; round < rounds; round += 1) {
      for (const { rank, entrant } of drawOf(entrants, sha256(`round ${round}`), prizes).winners) {
        const seat = `${rank} ${entrant}`;
        seats.set(seat, (seats.get(seat) ?? 0) + 1);
      }
    }
    const expected = rounds / entrants.length;
    const cells = entrants.flatMap((one) => [1, 2, 3, 4].map((rank) => seats.get(`${rank} ${one}`) ?? 0));
    const chi = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 44 degrees of freedom: 78.7 is passed by chance once in a thousand.
    expect(chi).toBeLessThan(78.7);
  });
});

describe('the check in the browser', () => {
  test.each([0, 1, 3, 4, 5, 700])('agrees with the server on %i entrants', async (count) => {
    expect(await checkDraw(drawOf(people(count)))).toEqual({
      ...{ seed: true, list: true, commitment: true, winners: true },
    });
  });

  test('notices another winner', async () => {
    const data = drawOf(people(30));
    data.winners[0] = { ...data.winners[0]!, entrant: data.winners[1]!.entrant };
    expect((await checkDraw(data)).winners).toBe(false);
  });

  test('notices another seed', async () => {
    const data = drawOf(people(30));
    const verdict = await checkDraw({ ...data, seed: sha256('another') });
    expect(verdict).toMatchObject({ seed: false, winners: false, list: true, commitment: true });
  });

  test('notices somebody who was put on the list', async () => {
    const data = drawOf(people(30));
    const verdict = await checkDraw({ ...data, entrants: [...data.entrants!, 'f'.repeat(32)] });
    expect(verdict).toMatchObject({ list: false, commitment: false, seed: true });
  });

  test('notices somebody who is on it twice, and other prizes', async () => {
    const twice = people(3);
    expect((await checkDraw(drawOf([...twice, twice[0]!]))).list).toBe(false);
    const data = drawOf(people(3));
    expect((await checkDraw({ ...data, prizes: PRIZES.slice(0, 1) })).commitment).toBe(false);
  });

  test('believes nothing of a draw that is not over', async () => {
    expect(await checkDraw({ ...drawOf(people(3)), seed: null })).toEqual({
      ...{ seed: false, list: false, commitment: false, winners: false },
    });
  });
});

describe('a name in a draw', () => {
  test('is always the same in one draw and another one in the next', () => {
    expect(entrantId('s', 'D1', 'p')).toBe(entrantId('s', 'D1', 'p'));
    expect(entrantId('s', 'D1', 'p')).not.toBe(entrantId('s', 'D2', 'p'));
    expect(entrantId('s', 'D1', 'p')).not.toBe(entrantId('other', 'D1', 'p'));
    expect(entrantId('s', 'D1', 'p')).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('rules of a draw', () => {
  test('ranks and prizes', () => {
    expect([1, 2, 4].map((rank) => prizeOfRank(PRIZES, rank))).toEqual([0, 1, 1]);
    expect(() => prizeOfRank(PRIZES, 5)).toThrow(RangeError);
  });

  test.each([
    ['我要蜂蜜', '蜂蜜', true],
    ['我 要 蜂 蜜 ！', '蜂蜜', true],
    ['ＨＯＮＥＹ please', 'honey', true],
    ['蜂\u200b蜜', '蜂蜜', true],
    ['蜂和蜜', '蜂蜜', false],
    ['anything', ' ', false],
  ])('%s says %s: %s', (text, keyword, says) => {
    expect(saysKeyword(text, keyword)).toBe(says);
  });
});
