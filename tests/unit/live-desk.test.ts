import { describe, expect, test } from 'vitest';
import { mayCallOut } from '../../server/live/answers.rules.ts';
import { chapterAt, chaptersOf, type PinMark } from '../../server/live/chapters.rules.ts';
import { actingHost, turnsAfter } from '../../server/live/crew.rules.ts';
import { moved } from '../../server/live/details.rules.ts';
import { createDevices } from '../../server/live/device.service.ts';
import { isOfHouse, mayDo, mayManageCrew, mayPublish, mayRun } from '../../server/live/live.policy.ts';
import { meets, type Sanction, type Speaker } from '../../server/live/moderation.rules.ts';
import { prompterParts } from '../../server/live/script.rules.ts';
import { RIGHTS, type Right } from '../../server/live/crew.rules.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 9, minute));

function mark(seq: number, sku: string | null, minute: number): PinMark {
  return { seq, sku, lot: sku && `LOT-${sku}`, at: at(minute), host: 'h', by: 'h' };
}

describe('chapters', () => {
  const marks = [mark(1, 'A', 0), mark(2, 'B', 10), mark(3, null, 20), mark(4, 'A', 30)];
  const span = { startedAt: at(5), endedAt: at(40) };

  test('begin with the broadcast, end with the next mark, and know their lot', () => {
    const spans = chaptersOf(marks, span).map(({ sku, lot, from, to }) => [sku, lot, from, to]);
    expect(spans).toEqual([
      ['A', 'LOT-A', at(5), at(10)],
      ['B', 'LOT-B', at(10), at(20)],
      ['A', 'LOT-A', at(30), at(40)],
    ]);
  });

  test('count a mark once that is found twice, in whatever order', () => {
    expect(chaptersOf([...marks.toReversed(), marks[1]!], span)).toEqual(chaptersOf(marks, span));
  });

  test('are open while the product lies there, and are none before the beginning', () => {
    expect(chaptersOf(marks, { startedAt: at(5), endedAt: null }).at(-1)?.to).toBeNull();
    expect(chaptersOf(marks, { startedAt: null, endedAt: null })).toEqual([]);
    expect(chaptersOf([mark(1, 'A', 0), mark(2, null, 3)], span)).toEqual([]);
  });

  test('know what was on the card at an instant; the border belongs to the next one', () => {
    const chapters = chaptersOf(marks, span);
    expect(chapterAt(chapters, at(7))?.sku).toBe('A');
    expect(chapterAt(chapters, at(10))?.sku).toBe('B');
    expect(chapterAt(chapters, at(25))).toBeUndefined();
  });
});

describe('who may what', () => {
  const person = (id: string, roles: string[] = ['shopper']) =>
    ({ id, guest: false, name: id, roles, ids: [id] }) as never;
  const member = (id: string, ...rights: Right[]) => ({
    ...{ id: `m-${id}`, person: id, name: id, rights, by: 'owner', at: at(0) },
  });
  const live = {
    ...{ host: 'owner', crew: [member('pinner', 'pin'), member('next', 'relay'), member('idle')] },
    turns: [{ host: 'owner', name: 'owner', from: at(0), to: null }],
  };
  const owner = person('owner', ['host']);

  test.each(RIGHTS)('%s is given to its member only, and to whoever runs the live', (right) => {
    const crew = RIGHTS.map((one) => member(one, one));
    const may = (id: string, roles?: string[]) => mayDo({ ...live, crew }, person(id, roles), right);
    expect(RIGHTS.filter((one) => may(one))).toEqual([right]);
    expect(may('owner', ['host'])).toBe(true);
    expect(may('boss', ['admin'])).toBe(true);
    expect(may('somebody', ['host'])).toBe(false);
    expect(mayDo(live, { ...(person('pinner') as object), guest: true } as never, right)).toBe(false);
  });

  test('the turn moves publishing and running on, and leaves the crew with its owner', () => {
    const turns = turnsAfter(live.turns, at(9), { host: 'next', name: 'next' });
    const handed = { ...live, turns };
    expect(actingHost(handed)).toBe('next');
    expect([mayPublish(handed, person('next')), mayPublish(handed, owner)]).toEqual([true, false]);
    expect([mayRun(handed, person('next')), mayRun(handed, owner)]).toEqual([true, true]);
    expect([mayManageCrew(handed, person('next')), mayManageCrew(handed, owner)]).toEqual([false, true]);
    expect(turns.map(({ to }) => to)).toEqual([at(9), null]);
    expect(mayRun({ ...handed, turns: turnsAfter(turns, at(12)) }, person('next'))).toBe(false);
  });

  test('a host whose role was taken away runs nothing', () => {
    expect(mayRun(live, person('owner'))).toBe(false);
    expect([isOfHouse(live, person('idle')), isOfHouse(live, person('stranger'))]).toEqual([true, false]);
  });
});

describe('a sanction', () => {
  const sanction: Sanction = {
    ...{ keys: ['person:p', 'device:d'], until: null, at: at(10), lifted: null },
    place: { key: 'net', until: at(25) },
  };
  const speaker = (change: Partial<Speaker> = {}): Speaker => ({
    ids: ['x'],
    guest: true,
    device: undefined,
    ...change,
  });
  const device = (id: string, minute: number, place = 'net') => ({ id, since: at(minute), place });

  test('meets by account, by a guest one was, and by device', () => {
    expect(meets(sanction, speaker({ ids: ['new', 'p'], guest: false }), at(60))).toBe('known');
    expect(meets(sanction, speaker({ device: device('d', 0, 'elsewhere') }), at(60))).toBe('known');
    expect(meets(sanction, speaker({ device: device('other', 0, 'elsewhere') }), at(60))).toBeUndefined();
  });

  test('meets guests of the network for a while, on devices that came after it', () => {
    expect(meets(sanction, speaker({ device: device('fresh', 12) }), at(20))).toBe('place');
    expect(meets(sanction, speaker(), at(20))).toBe('place');
    expect(meets(sanction, speaker({ device: device('neighbour', 5) }), at(20))).toBeUndefined();
    expect(meets(sanction, speaker({ device: device('fresh', 12), guest: false }), at(20))).toBeUndefined();
    expect(meets(sanction, speaker({ device: device('fresh', 12) }), at(26))).toBeUndefined();
  });

  test('ends with its time and when it is lifted', () => {
    const known = speaker({ ids: ['p'] });
    expect(meets({ ...sanction, until: at(30) }, known, at(30))).toBeUndefined();
    expect(meets({ ...sanction, lifted: {} }, known, at(11))).toBeUndefined();
  });
});

describe('a device', () => {
  const clock = { now: () => at(0) };
  const devices = createDevices({ secret: 'a secret', clock });

  test('keeps its id and its age when its network changes, and is not written anew otherwise', () => {
    const first = devices.renew(undefined, '10.0.0.7')!;
    expect(devices.renew(first, '10.0.0.9')).toBeUndefined();
    const second = devices.renew(first, '10.0.9.9')!;
    expect(devices.read(second)).toMatchObject({ id: devices.read(first)!.id, since: at(0) });
    expect(devices.read(second)!.place).not.toBe(devices.read(first)!.place);
    const six = devices.read(devices.renew(undefined, '2001:db8:1:2::3'))!.place;
    expect(devices.read(devices.renew(undefined, '2001:db8:1:ffff::1'))!.place).toBe(six);
  });

  test('cannot be made up', () => {
    const cookie = devices.renew(undefined, '10.0.0.7')!;
    const forged = cookie.replace(/^./, (letter) => (letter === 'a' ? 'b' : 'a'));
    expect(devices.read(forged)).toBeUndefined();
    for (const bad of ['', '....', 'a.b.c', undefined]) expect(devices.read(bad)).toBeUndefined();
  });
});

test('the rail is put in order one step at a time and stops at its ends', () => {
  expect(moved(['A', 'B', 'C'], { sku: 'C', by: -1 })).toEqual(['A', 'C', 'B']);
  expect(moved(['A', 'B'], { sku: 'A', by: -1 })).toEqual(['A', 'B']);
  expect(moved(['A', 'B'], { sku: 'X', by: 1 })).toEqual(['A', 'B']);
});

test('the prompter follows the rail, with a place for what has no notes', () => {
  const script = { opening: 'o', closing: 'c', notes: [{ sku: 'B', text: 'b' }] };
  expect(prompterParts(script, ['A', 'B']).map(({ part, sku, text }) => [part, sku, text])).toEqual([
    ['opening', null, 'o'],
    ['product', 'A', ''],
    ['product', 'B', 'b'],
    ['closing', null, 'c'],
  ]);
});

test('few are called only when there are few', () => {
  expect([0, 1, 20, 21].map(mayCallOut)).toEqual([false, true, true, false]);
});
