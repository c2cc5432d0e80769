import { describe, expect, test } from 'vitest';
import { createAdaptation, type Strain } from '../../public/lib/video/adapt.ts';

const calm: Strain = { behind: 0, waiting: 0, longSide: 1280 };

/** What is decided in so many seconds of the same, turn by turn. */
function seconds(
  adaptation: ReturnType<typeof createAdaptation>,
  count: number,
  strain: Partial<Strain> = {},
) {
  return Array.from({ length: count * 2 }, () => adaptation.heard({ ...calm, ...strain }));
}

describe('what a host sends', () => {
  test('is a smaller copy besides, once line and machine have been calm for a while', () => {
    const adaptation = createAdaptation(4);
    expect(seconds(adaptation, 3).some(({ low }) => low)).toBe(false);
    expect(seconds(adaptation, 2).at(-1)).toMatchObject({ low: true });
    expect(seconds(createAdaptation(1), 60).some(({ low }) => low)).toBe(false);
    expect(seconds(createAdaptation(4), 60, { longSide: 640 }).some(({ low }) => low)).toBe(false);
  });

  test('is less at once on a line that lags, and no copy', () => {
    const adaptation = createAdaptation(4);
    seconds(adaptation, 5);
    expect(adaptation.heard({ ...calm, behind: 2 })).toEqual({ bits: 1_125_000, low: false });
  });

  test('is no copy for a minute where the machine does not keep up, and for two the next time', () => {
    const adaptation = createAdaptation(4);
    seconds(adaptation, 5);
    // Not off and on again with every turn: each time all players begin anew.
    const busy = seconds(adaptation, 10, { waiting: 2 }).map(({ low }) => low);
    expect(busy.lastIndexOf(true)).toBeLessThan(busy.indexOf(false));
    expect(seconds(adaptation, 45).some(({ low }) => low)).toBe(false);
    expect(seconds(adaptation, 15).at(-1)).toMatchObject({ low: true });
    seconds(adaptation, 5, { waiting: 2 });
    expect(seconds(adaptation, 100).some(({ low }) => low)).toBe(false);
    expect(seconds(adaptation, 30).at(-1)).toMatchObject({ low: true });
  });

  test('is never again a copy that cannot be encoded', () => {
    const adaptation = createAdaptation(4);
    seconds(adaptation, 5);
    adaptation.withoutLow();
    expect(seconds(adaptation, 600).some(({ low }) => low)).toBe(false);
  });

  test('stays between a quarter and two and a half megabits', () => {
    const adaptation = createAdaptation(4);
    expect(seconds(adaptation, 600).at(-1)!.bits).toBe(2_500_000);
    expect(seconds(adaptation, 60, { behind: 2 }).at(-1)!.bits).toBe(250_000);
  });
});
