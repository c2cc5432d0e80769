import { describe, expect, test } from 'vitest';
import { createLane, type Outcome, type Turn } from '../../server/platform/lane.ts';

interface Batch {
  inputs: number[];
  finish(outcomes?: Outcome<number>[]): void;
  fail(error: unknown): void;
}

const ok = (value: number): Outcome<number> => ({ ok: true, value });

/** A lane whose batches end when the test says so. */
function heldLane(options: { maxBatch?: number; maxWaiting?: number } = {}) {
  const batches: Batch[] = [];
  const lane = createLane<number, number>({
    maxBatch: options.maxBatch ?? 100,
    maxWaiting: options.maxWaiting ?? 100,
    work: (inputs) =>
      new Promise((resolve, reject) => {
        batches.push({
          inputs,
          finish: (outcomes = inputs.map((input) => ok(input * 10))) => resolve(outcomes),
          fail: reject,
        });
      }),
  });
  return { lane, batches };
}

/** Lets everything that is ready run: no clock. */
async function settle() {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
}

describe('a lane', () => {
  test('lets somebody alone in without waiting for anybody', async () => {
    const { lane, batches } = heldLane();
    void lane.enter(1);
    await settle();
    expect(batches.map(({ inputs }) => inputs)).toEqual([[1]]);
    expect(lane.waiting).toBe(0);
  });

  test('takes all who come at the same time together, also right after an answer', async () => {
    const { lane, batches } = heldLane();
    const again = [1, 2, 3].map(async (n) => lane.enter((await lane.enter(n)) + 1));
    await settle();
    batches[0]!.finish();
    await settle();
    batches[1]!.finish();
    await Promise.all(again);
    expect(batches.map(({ inputs }) => inputs)).toEqual([
      [1, 2, 3],
      [11, 21, 31],
    ]);
  });

  test('takes all who came meanwhile together, in the order of their coming, and answers each with its own', async () => {
    const { lane, batches } = heldLane();
    const first = lane.enter(1);
    await settle();
    const answers = [first, ...[2, 3, 4].map((n) => lane.enter(n))];
    expect(lane.waiting).toBe(3);
    batches[0]!.finish();
    await settle();
    expect(batches.map(({ inputs }) => inputs)).toEqual([[1], [2, 3, 4]]);
    batches[1]!.finish();
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40]);
  });

  test('runs one batch at a time, none larger than allowed', async () => {
    const { lane, batches } = heldLane({ maxBatch: 2 });
    const answers = [1, 2, 3, 4, 5].map((n) => lane.enter(n));
    for (const upTo of [1, 2, 3]) {
      await settle();
      expect(batches).toHaveLength(upTo);
      batches[upTo - 1]!.finish();
    }
    await Promise.all(answers);
    expect(batches.map(({ inputs }) => inputs)).toEqual([[1, 2], [3, 4], [5]]);
  });

  test('refuses who finds it full, and only them', async () => {
    const { lane, batches } = heldLane({ maxWaiting: 2 });
    const first = lane.enter(1);
    await settle();
    const waiting = [lane.enter(2), lane.enter(3)];
    await expect(lane.enter(4)).rejects.toMatchObject({ code: 'unavailable', retryAfter: 1 });
    batches[0]!.finish();
    await settle();
    const later = lane.enter(5);
    batches[1]!.finish();
    await settle();
    batches[2]!.finish();
    expect(await Promise.all([first, ...waiting, later])).toEqual([10, 20, 30, 50]);
  });

  test('gives each of a batch its own failure', async () => {
    const { lane, batches } = heldLane();
    void lane.enter(0);
    await settle();
    const answers = [lane.enter(1), lane.enter(2)];
    batches[0]!.finish();
    await settle();
    const sorry = new Error('sorry');
    batches[1]!.finish([{ ok: false, error: sorry }, ok(20)]);
    expect(await Promise.allSettled(answers)).toMatchObject([{ reason: sorry }, { value: 20 }]);
  });

  test('fails everybody in a batch that failed as a whole, and goes on after it', async () => {
    const { lane, batches } = heldLane();
    void lane.enter(0);
    await settle();
    const together = [lane.enter(1), lane.enter(2)];
    batches[0]!.finish();
    await settle();
    const next = lane.enter(3);
    const broken = new Error('database gone');
    batches[1]!.fail(broken);
    expect(await Promise.allSettled(together)).toMatchObject([{ reason: broken }, { reason: broken }]);
    await settle();
    batches[2]!.finish();
    expect(await next).toBe(30);
  });

  test('goes on after work that throws before it begins', async () => {
    let calls = 0;
    const lane = createLane<number, number>({
      maxBatch: 10,
      maxWaiting: 10,
      work(inputs) {
        calls += 1;
        if (calls === 1) throw new Error('no');
        return Promise.resolve(inputs.map(ok));
      },
    });
    await expect(lane.enter(1)).rejects.toThrow('no');
    expect(await lane.enter(2)).toBe(2);
  });

  test('leaves nobody without an answer when the work answers too few', async () => {
    const { lane, batches } = heldLane();
    void lane.enter(0);
    await settle();
    const answers = [lane.enter(1), lane.enter(2)];
    batches[0]!.finish();
    await settle();
    batches[1]!.finish([ok(10)]);
    expect(await Promise.allSettled(answers)).toMatchObject([
      { value: 10 },
      { reason: { code: 'internal' } },
    ]);
  });

  test.each([0, 1, 2, 3, 4, 5, 6])(
    'forgets nobody who comes %i turns after the last answer',
    async (turns) => {
      const lane = createLane<number, number>({
        maxBatch: 10,
        maxWaiting: 10,
        work: (inputs) => Promise.resolve(inputs.map(ok)),
      });
      await lane.enter(1);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      let answer: number | undefined;
      void lane.enter(2).then((value) => (answer = value));
      await settle();
      expect(answer).toBe(2);
    },
  );

  test('is idle when the last has been answered', async () => {
    const { lane, batches } = heldLane();
    await lane.idle();
    const log: string[] = [];
    void lane.enter(1).then(() => log.push('first'));
    await settle();
    void lane.enter(2).then(() => log.push('second'));
    const idle = lane.idle().then(() => log.push('idle'));
    batches[0]!.finish();
    await settle();
    expect(log).toEqual(['first']);
    batches[1]!.finish();
    await idle;
    expect(log).toEqual(['first', 'second', 'idle']);
  });
});

describe('a lane of two abreast', () => {
  interface Work {
    inputs: number[];
    turn: Turn;
    finish(): void;
  }

  function wideLane() {
    const works: Work[] = [];
    const lane = createLane<number, number>({
      maxBatch: 2,
      maxWaiting: 100,
      abreast: 2,
      work: (inputs, turn) =>
        new Promise((resolve) => {
          works.push({ inputs, turn, finish: () => resolve(inputs.map((input) => ok(input * 10))) });
        }),
    });
    return { lane, works };
  }

  test('has two batches at work, and the third waits for whichever ends first', async () => {
    const { lane, works } = wideLane();
    const answers = [1, 2, 3, 4, 5, 6, 7].map((n) => lane.enter(n));
    await settle();
    expect(works.map(({ inputs }) => inputs)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    works[1]!.finish();
    await settle();
    expect(works.map(({ inputs }) => inputs).slice(2)).toEqual([[5, 6]]);
    works[0]!.finish();
    await settle();
    works[2]!.finish();
    works[3]!.finish();
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50, 60, 70]);
  });

  test('lets a batch have its turn when everybody ahead has passed', async () => {
    const { lane, works } = wideLane();
    void lane.enter(1);
    await settle();
    void lane.enter(2);
    await settle();
    const [first, second] = works as [Work, Work];
    const log: string[] = [];
    void first.turn.come().then(() => log.push('first'));
    void second.turn.come().then(() => log.push('second'));
    expect([first.turn.isBehind, second.turn.isBehind]).toEqual([false, true]);
    await settle();
    expect(log).toEqual(['first']);
    first.turn.pass();
    await settle();
    expect(log).toEqual(['first', 'second']);
    expect(second.turn.isBehind).toBe(false);
  });

  test('passes with its end, and never ahead of those who came earlier', async () => {
    const { lane, works } = wideLane();
    for (const n of [1, 2, 3]) {
      void lane.enter(n);
      await settle();
    }
    works[1]!.finish();
    await settle();
    let isThird = false;
    void works[2]!.turn.come().then(() => (isThird = true));
    await settle();
    expect(isThird).toBe(false);
    works[0]!.finish();
    await settle();
    expect(isThird).toBe(true);
  });
});

test('a lane that rests after a batch answers before it does', async () => {
  const lane = createLane<number, number>({
    maxBatch: 1,
    maxWaiting: 10,
    restMs: 20,
    work: (inputs) => Promise.resolve(inputs.map(ok)),
  });
  expect(await lane.enter(1)).toBe(1);
  const second = lane.enter(2);
  await settle();
  expect(lane.waiting).toBe(1);
  expect(await second).toBe(2);
  await lane.idle();
});
