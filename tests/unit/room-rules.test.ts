import { describe, expect, test } from 'vitest';
import { createPresence } from '../../server/live/presence.rules.ts';
import { createRoom, nextPulse, readable, toldOn } from '../../server/live/room.rules.ts';
import { forSeeds } from '../support/random.ts';

const NOW = 1_000_000;

describe('presence', () => {
  test('counts people, not connections', () => {
    const presence = createPresence();
    for (const person of ['li', 'li', 'li', 'wang']) presence.enter(person);
    expect(presence.count(NOW)).toBe(2);
    presence.leave('li');
    presence.leave('li');
    expect(presence.count(NOW)).toBe(2);
    presence.leave('li');
    expect(presence.here()).toEqual(['wang']);
  });

  test('does not mind somebody leaving who was not there', () => {
    const presence = createPresence();
    presence.leave('nobody');
    presence.enter('nobody');
    expect(presence.count(NOW)).toBe(1);
    presence.leave('nobody');
    expect(presence.isEmpty()).toBe(true);
  });

  test('counts nobody of the house, who keep the room open all the same', () => {
    const presence = createPresence();
    presence.enter('host', 'house');
    presence.enter('li');
    expect([presence.count(NOW), presence.here()]).toEqual([1, ['li']]);
    presence.leave('li');
    expect([presence.count(NOW), presence.isEmpty()]).toEqual([0, false]);
    presence.leave('host');
    expect(presence.isEmpty()).toBe(true);
  });

  test('counts somebody who is on two processes once', () => {
    const presence = createPresence();
    presence.enter('li');
    presence.learn('b', ['li', 'wang'], NOW);
    presence.learn('c', ['wang', 'zhao'], NOW);
    expect(presence.count(NOW)).toBe(3);
    expect(presence.here()).toEqual(['li']);
  });

  test('believes the latest word of a process, and forgets one that has fallen silent', () => {
    const presence = createPresence();
    presence.learn('b', ['wang', 'zhao'], NOW);
    presence.learn('b', ['zhao'], NOW + 1_000);
    expect(presence.count(NOW + 1_000)).toBe(1);
    expect(presence.count(NOW + 16_000)).toBe(1);
    expect(presence.count(NOW + 16_001)).toBe(0);
    expect(presence.isEmpty()).toBe(true);
  });

  test('agrees with a plain count, whoever comes and goes', () => {
    forSeeds(100, (random) => {
      const presence = createPresence();
      const plain = new Map<string, number>();
      for (let step = 0; step < 100; step += 1) {
        const person = `p${random.int(1, 8)}`;
        const open = plain.get(person) ?? 0;
        if (open > 0 && random.int(0, 1) === 1) {
          presence.leave(person);
          plain.set(person, open - 1);
        } else {
          presence.enter(person);
          plain.set(person, open + 1);
        }
        expect(presence.count(NOW)).toBe([...plain.values()].filter((connections) => connections > 0).length);
      }
    });
  });
});

function openRoom() {
  const room = createRoom('market');
  room.rail = ['A', 'B'];
  return room;
}

describe('the pulse of a room', () => {
  test('tells everything at first, and then nothing until something is new', () => {
    const room = openRoom();
    const stock = new Map([
      ['A', 5],
      ['B', 0],
    ]);
    expect(nextPulse(room, stock, NOW)).toEqual({
      liveId: 'market',
      viewers: 0,
      likes: 0,
      stock: [
        { sku: 'A', available: 5 },
        { sku: 'B', available: 0 },
      ],
    });
    expect(nextPulse(room, stock, NOW)).toBeUndefined();
    expect(nextPulse(room, undefined, NOW)).toBeUndefined();
  });

  test('tells only the stock that has changed, and in the order of the rail', () => {
    const room = openRoom();
    nextPulse(room, new Map([['A', 5], ['B', 3]]), NOW); // prettier-ignore
    expect(nextPulse(room, new Map([['B', 2], ['A', 5]]), NOW)?.stock).toEqual([{ sku: 'B', available: 2 }]); // prettier-ignore
    expect(nextPulse(room, new Map([['B', 1], ['A', 4]]), NOW)?.stock.map(({ sku }) => sku)).toEqual(['A', 'B']); // prettier-ignore
  });

  test('says nothing of products that are not on the rail', () => {
    const room = openRoom();
    nextPulse(room, new Map([['A', 5]]), NOW);
    expect(nextPulse(room, new Map([['A', 5], ['C', 9]]), NOW)).toBeUndefined(); // prettier-ignore
  });

  test('comes for a new viewer, for one who has left, and for likes, each once', () => {
    const room = openRoom();
    nextPulse(room, undefined, NOW);
    room.presence.enter('li');
    expect(nextPulse(room, undefined, NOW)).toEqual({ liveId: 'market', viewers: 1, likes: 0, stock: [] });
    room.likes += 3;
    expect(nextPulse(room, undefined, NOW)).toMatchObject({ viewers: 1, likes: 3 });
    room.presence.leave('li');
    expect(nextPulse(room, undefined, NOW)).toMatchObject({ viewers: 0, likes: 3 });
    expect(nextPulse(room, undefined, NOW)).toBeUndefined();
  });

  test('tells the number of a full room once a second, with whatever else is told meanwhile as it was', () => {
    const room = openRoom();
    for (let person = 0; person < 150; person += 1) room.presence.enter(`p${person}`);
    expect(nextPulse(room, undefined, NOW)).toMatchObject({ viewers: 150 });
    room.presence.enter('late');
    expect(nextPulse(room, undefined, NOW + 250)).toBeUndefined();
    room.likes += 1;
    expect(nextPulse(room, undefined, NOW + 500)).toMatchObject({ viewers: 150, likes: 1 });
    expect(nextPulse(room, undefined, NOW + 1_000)).toMatchObject({ viewers: 151, likes: 1 });
  });

  test('leaves whoever adds up all pulses with the truth', () => {
    forSeeds(100, (random) => {
      const room = openRoom();
      const truth = new Map([['A', 10], ['B', 10]]); // prettier-ignore
      const heard = { viewers: -1, likes: -1, stock: new Map<string, number>() };
      for (let step = 0; step < 50; step += 1) {
        truth.set(random.pick(['A', 'B']), random.int(0, 10));
        room.likes += random.int(0, 1);
        room.presence.enter(`p${random.int(1, 9)}`);
        const pulse = nextPulse(room, truth, NOW);
        if (!pulse) continue;
        Object.assign(heard, { viewers: pulse.viewers, likes: pulse.likes });
        for (const { sku, available } of pulse.stock) heard.stock.set(sku, available);
      }
      expect(heard).toEqual({ viewers: room.presence.count(NOW), likes: room.likes, stock: truth });
    });
  });
});

describe('a flood of chat', () => {
  const line = (id: number, role = 'viewer') => ({ id, role });

  test('is shown whole while it can be read', () => {
    const few = [line(1), line(2), line(3, 'host')];
    expect(readable(few, 2)).toEqual(few);
  });

  test('is thinned evenly, in its order, and the house is always heard', () => {
    const flood = Array.from({ length: 250 }, (_, id) => line(id, id === 100 ? 'host' : 'viewer'));
    const shown = readable(flood, 15);
    expect(shown.filter(({ role }) => role === 'viewer')).toHaveLength(15);
    expect(shown).toContainEqual(line(100, 'host'));
    expect(shown.map(({ id }) => id)).toEqual(shown.map(({ id }) => id).toSorted((a, b) => a - b));
    expect(shown[0]!.id).toBeLessThan(20);
    expect(shown.at(-1)!.id).toBe(249);
  });
});

describe('what is told on a tick', () => {
  test('is everything, but to a crowd by turns', () => {
    const toldIn = (viewers: number) => [1, 2, 3].map((tick) => toldOn(tick, viewers));
    expect(toldIn(999).every(({ said, sums }) => said && sums)).toBe(true);
    expect(toldIn(1_000)).toEqual([
      { said: false, sums: true },
      { said: true, sums: false },
      { said: false, sums: true },
    ]);
  });
});
