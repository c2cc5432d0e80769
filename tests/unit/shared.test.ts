import { describe, expect, test } from 'vitest';
import { createShared } from '../../server/platform/shared.ts';

/** Work whose end is in the test's hand. */
function work() {
  const runs: { end: (value: string) => void; fail: (error: Error) => void }[] = [];
  return {
    runs,
    begin: () =>
      new Promise<string>((resolve, reject) => {
        runs.push({ end: resolve, fail: reject });
      }),
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('work that is shared', () => {
  test('begins at once for somebody alone; those who come meanwhile share the next run', async () => {
    const shared = createShared<string>({ gapMs: 0 });
    const { runs, begin } = work();
    const first = shared.of('room', begin);
    expect(runs).toHaveLength(1);
    const later = [shared.of('room', begin), shared.of('room', begin), shared.of('room', begin)];
    await settled();
    expect(runs).toHaveLength(1); // nobody gets what began before they came
    runs[0]!.end('old');
    expect(await first).toBe('old');
    await settled();
    expect(runs).toHaveLength(2);
    runs[1]!.end('new');
    expect(await Promise.all(later)).toEqual(['new', 'new', 'new']);
  });

  test('does not wait for another key, and goes on after a failure', async () => {
    const shared = createShared<string>({ gapMs: 0 });
    const { runs, begin } = work();
    const failing = shared.of('a', begin);
    const other = shared.of('b', begin);
    expect(runs).toHaveLength(2);
    const after = shared.of('a', begin);
    runs[0]!.fail(new Error('broken'));
    await expect(failing).rejects.toThrow('broken');
    await settled();
    runs[2]!.end('mended');
    expect(await after).toBe('mended');
    runs[1]!.end('b');
    expect(await other).toBe('b');
  });
});
