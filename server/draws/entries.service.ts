import { mustBeSignedIn, type Accounts, type Person } from '../accounts/index.ts';
import { isOfHouse, type Lives, type Watching } from '../live/index.ts';
import type { Orders } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { createLane } from '../platform/lane.ts';
import type { DrawDoc, EntryDoc } from './draws.model.ts';
import { MOST_ENTRANTS, saysKeyword } from './draws.rules.ts';
import './draws.facts.ts';
import type { DrawStore } from './draws.store.ts';
import { entrantId } from './lottery.rules.ts';

export interface EntriesDeps {
  store: DrawStore;
  lives: Lives;
  watching: Watching;
  orders: Pick<Orders, 'ofBuyer'>;
  accounts: Accounts;
  bus: Bus;
  clock: Clock;
  secret: string;
}

export type Entries = ReturnType<typeof createEntries>;

interface Coming {
  draw: DrawDoc;
  person: Person;
  at: Date;
}

/** Bought is what was paid for and not given back. */
const BOUGHT = new Set(['paid', 'packing', 'shipped', 'delivered', 'completed']);

/** Chat is read in portions of so many people when a draw closes. */
const SWEEP = 500;

/**
 * Who has a chance. Accounts only: a guest is a browser window, and somebody with ten windows would have ten chances.
 * What a person watched and bought as a guest before signing in counts for them.
 */
export function createEntries(deps: EntriesDeps) {
  const { store, lives, bus, clock, secret } = deps;

  /** Whoever wants a chance at the same moment shares one write, and one look at whether the draw is still open. */
  const lane = createLane<Coming, string>({
    maxBatch: 500,
    maxWaiting: 20_000,
    async work(coming) {
      await store.addEntries(coming.map(toEntry));
      const ids = [...new Set(coming.map(({ draw }) => draw._id))];
      const now = new Map(await Promise.all(ids.map(async (id) => [id, await store.byId(id)] as const)));
      tell(coming.filter(({ draw }) => now.get(draw._id)?.state === 'open'));
      // Still open after it was written: the list is read later than that, and the chance is on it.
      return coming.map(({ draw, person }) =>
        now.get(draw._id)?.state === 'open'
          ? { ok: true, value: idOf(draw, person) }
          : { ok: false, error: new AppError('draw_closed') },
      );
    },
  });

  function idOf(draw: Pick<DrawDoc, '_id'>, person: Pick<Person, 'id'>): string {
    return entrantId(secret, draw._id, person.id);
  }

  function toEntry({ draw, person, at }: Coming): EntryDoc {
    const entrant = idOf(draw, person);
    return { _id: `${draw._id}:${entrant}`, draw: draw._id, entrant, person: person.id, at };
  }

  function tell(coming: readonly Coming[]) {
    const byDraw = new Map<string, Coming[]>();
    for (const one of coming) byDraw.set(one.draw._id, [...(byDraw.get(one.draw._id) ?? []), one]);
    for (const [draw, those] of byDraw) {
      const entries = those.map(({ person }) => ({
        person: person.id,
        entrant: idOf({ _id: draw }, person),
      }));
      bus.tell('draw.entered', { draw, live: those[0]!.draw.live, entries });
    }
  }

  /** How much of what it takes somebody has; a chance needs all of it. */
  async function progress(draw: DrawDoc, person: Person): Promise<{ has: number; needs: number }> {
    switch (draw.entry.kind) {
      case 'comment':
        return { has: 0, needs: 1 };
      case 'watched':
        return { has: await deps.watching.minutes(draw.live, person.ids), needs: draw.entry.minutes };
      case 'bought': {
        const mine = await deps.orders.ofBuyer(person);
        const here = mine.some(({ live, state }) => live === draw.live && BOUGHT.has(state));
        return { has: here ? 1 : 0, needs: 1 };
      }
    }
  }

  /** Those of these people who may have a chance: accounts, but nobody who stands behind the table. */
  async function eligible(draw: DrawDoc, ids: readonly string[]): Promise<Person[]> {
    const [live, people] = await Promise.all([lives.byId(draw.live), deps.accounts.byIds(ids)]);
    return people.filter((person) => !isOfHouse(live, person));
  }

  return {
    idOf,

    /**
     * A chance for somebody who taps for it. Tapping twice is tapping once.
     *
     * @returns the name under which they take part
     * @throws AppError `not_signed_in` for guests, `forbidden` for who stands behind the table, `draw_closed`, `draw_not_yet`
     *   when they have not watched or bought, or when the word has to be said in the chat
     */
    async enter(draw: DrawDoc, who: Person | undefined): Promise<string> {
      const person = mustBeSignedIn(who);
      const at = clock.now();
      if (draw.state !== 'open' || at >= draw.closesAt) throw new AppError('draw_closed');
      if (isOfHouse(await lives.byId(draw.live), person)) throw new AppError('forbidden');
      if (await store.hasEntry(`${draw._id}:${idOf(draw, person)}`)) return idOf(draw, person);
      const { has, needs } = await progress(draw, person);
      if (has < needs) throw new AppError('draw_not_yet');
      if ((await store.countEntries(draw._id)) >= MOST_ENTRANTS) throw new AppError('unavailable');
      return lane.enter({ draw, person, at });
    },

    /** Lines of the chat that may be somebody's entry. */
    async heard(
      draw: DrawDoc,
      lines: readonly { person: string; text: string; role: string; at: Date }[],
    ): Promise<void> {
      if (draw.entry.kind !== 'comment') return;
      const { keyword } = draw.entry;
      const saying = lines.filter(({ text, role }) => role === 'viewer' && saysKeyword(text, keyword));
      if (saying.length === 0) return;
      const people = await eligible(draw, [...new Set(saying.map(({ person }) => person))]);
      await Promise.allSettled(people.map((person) => lane.enter({ draw, person, at: clock.now() })));
    },

    /** Whether somebody is in, and what they still lack. */
    async standing(draw: DrawDoc, person: Person | undefined) {
      if (!person || person.guest) return { signedIn: false, entrant: null, has: 0, needs: 1 };
      const entrant = idOf(draw, person);
      if (await store.hasEntry(`${draw._id}:${entrant}`)) {
        return { signedIn: true, entrant, has: 1, needs: 1 };
      }
      return { signedIn: true, entrant: null, ...(await progress(draw, person)) };
    },

    /**
     * Everything that was said while the draw was open, read once more from the chat itself: what a process that
     * died had heard is not lost.
     */
    async sweep(draw: DrawDoc): Promise<void> {
      if (draw.entry.kind !== 'comment' || !draw.openedAt) return;
      const { keyword } = draw.entry;
      const span = { from: draw.openedAt, to: draw.closedAt ?? clock.now() };
      let people = new Set<string>();
      const add = async () => {
        const found = await eligible(draw, [...people]);
        await store.addEntries(found.map((person) => toEntry({ draw, person, at: span.to })));
        people = new Set();
      };
      for await (const { person, text, role, hidden } of lives.said(draw.live, span)) {
        if (role !== 'viewer' || hidden || !saysKeyword(text, keyword)) continue;
        people.add(person);
        if (people.size >= SWEEP) await add();
      }
      if (people.size > 0) await add();
    },

    idle: () => lane.idle(),
  };
}
