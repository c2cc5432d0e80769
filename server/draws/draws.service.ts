import { randomBytes } from 'node:crypto';
import type { Person } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import { mustDo, type Lives } from '../live/index.ts';
import type { Prizes } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { AppError } from '../platform/errors.ts';
import { newCode } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import type { Awards } from './awards.service.ts';
import type { DrawDoc } from './draws.model.ts';
import { ABANDONED_MS, holdRef, places, prizeOfRank, SUSPENSE_MS, type DrawState } from './draws.rules.ts';
import type { OpenDrawCommand } from './draws.schema.ts';
import './draws.facts.ts';
import type { DrawStore } from './draws.store.ts';
import type { Entries } from './entries.service.ts';
import { prizesOf } from './prizes.service.ts';
import { commitmentOf, hashEntrants, sha256, winnersOf } from './lottery.rules.ts';

export type Draw = DrawDoc;
export type Draws = ReturnType<typeof createDraws>;

export interface DrawsDeps {
  store: DrawStore;
  entries: Entries;
  awards: Awards;
  prizes: Prizes;
  lives: Lives;
  catalog: Catalog;
  bus: Bus;
  clock: Clock;
  log: Log;
  /** Whether a purchase may be what gives a chance; not everywhere is that allowed. */
  byPurchase: boolean;
}

const HOUR_MS = 3_600_000;

/**
 * The lucky draw. Every step is one conditional write on the draw, in this order: put the prizes aside, open, take no
 * more entries, write down the list, commit to it, draw, award. Whoever finds a draw between two steps (`attend`)
 * goes on from there, and comes to the same winners, because they follow from the seed and the list alone.
 */
export function createDraws(deps: DrawsDeps) {
  const { store, entries, awards, prizes, lives, bus, clock, log } = deps;
  const timers = new Set<NodeJS.Timeout>();
  const working = new Set<Promise<unknown>>();

  async function move(draw: DrawDoc, to: DrawState, set: Partial<DrawDoc> = {}): Promise<DrawDoc | null> {
    const moved = await store.move(draw._id, draw.state, {
      set: { ...set, state: to },
      over: to === 'drawn',
    });
    if (moved) bus.tell('draw.moved', { draw: moved._id, live: moved.live, state: to });
    return moved;
  }

  /** There will be no winner. It stands in the way of another draw until its prizes are back in stock. */
  async function cancel(draw: DrawDoc): Promise<DrawDoc | null> {
    const cancelled = await move(draw, 'cancelled');
    if (cancelled) await clear(cancelled);
    return cancelled;
  }

  async function clear(draw: DrawDoc): Promise<void> {
    for (let rank = 1; rank <= places(draw.prizes); rank += 1) {
      await prizes.free(holdRef(draw._id, rank), draw.holds[rank - 1]);
    }
    await store.finish(draw._id);
  }

  /** One order for each rank, held until a winner could still claim it. */
  async function putAside(draw: DrawDoc): Promise<string[]> {
    const until = new Date(draw.closesAt.getTime() + (draw.claimHours + 1) * HOUR_MS);
    const ranks = Array.from({ length: places(draw.prizes) }, (_item, index) => index + 1);
    // All of them, also when one fails: what is still under way could not be undone.
    const held = await Promise.allSettled(
      ranks.map((rank) => {
        const { sku, qty } = draw.prizes[prizeOfRank(draw.prizes, rank)]!;
        return prizes.hold({ ref: holdRef(draw._id, rank), sku, qty, until });
      }),
    );
    return held.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    });
  }

  /** From wherever it stands to the end of what can be done now. @returns the draw as it is then */
  async function goOn(draw: DrawDoc): Promise<DrawDoc> {
    const next = await step(draw);
    return next === undefined || next.state === draw.state ? (next ?? draw) : goOn(next);
  }

  async function step(draw: DrawDoc): Promise<DrawDoc | undefined> {
    const now = clock.now();
    switch (draw.state) {
      case 'closing':
        return commit(draw);
      case 'committed':
        return draw.committed && draw.committed.drawAt <= now ? drawNow(draw) : undefined;
      case 'drawn':
        if (!draw.awardedAt) await awards.award(draw);
        return undefined;
      default:
        return undefined;
    }
  }

  async function commit(draw: DrawDoc): Promise<DrawDoc> {
    await entries.sweep(draw);
    const list = await store.writeList(draw._id, (await store.entrantsOf(draw._id)).sort());
    if (list.length === 0) return (await cancel(draw)) ?? current(draw._id);
    const now = clock.now();
    const entrantsHash = hashEntrants(list);
    const commitment = commitmentOf({
      draw: draw._id,
      seedHash: draw.seedHash,
      entrantsHash,
      entrants: list.length,
      prizes: draw.prizes,
    });
    const drawAt = new Date(now.getTime() + SUSPENSE_MS);
    const committed = { at: now, entrants: list.length, entrantsHash, commitment, drawAt };
    const moved = await move(draw, 'committed', { committed });
    if (moved) wakeAt(moved._id, SUSPENSE_MS);
    return moved ?? current(draw._id);
  }

  async function drawNow(draw: DrawDoc): Promise<DrawDoc> {
    const list = await store.list(draw._id);
    const { committed } = draw;
    if (!list || !committed || hashEntrants(list) !== committed.entrantsHash) {
      throw new Error(`draw ${draw._id}: the list is not the one that was committed to`);
    }
    const winners = winnersOf(draw.seed, committed.commitment, list, draw.prizes);
    return (await move(draw, 'drawn', { drawn: { at: clock.now(), winners } })) ?? current(draw._id);
  }

  /** @throws AppError `not_found` */
  async function current(id: string): Promise<DrawDoc> {
    const draw = await store.byId(id);
    if (!draw) throw new AppError('not_found');
    return draw;
  }

  function wakeAt(id: string, ms: number) {
    const timer = setTimeout(() => {
      timers.delete(timer);
      keep(current(id).then(goOn));
    }, ms);
    timer.unref();
    timers.add(timer);
  }

  /** What is under way in this process; `attend` finishes what fails. */
  function keep(work: Promise<unknown>) {
    const done = work
      .catch((err: unknown) => log.error({ err }, 'a draw could not go on'))
      .finally(() => working.delete(done));
    working.add(done);
  }

  async function close(draw: DrawDoc): Promise<DrawDoc> {
    const closing = await move(draw, 'closing', { closedAt: clock.now() });
    return goOn(closing ?? (await current(draw._id)));
  }

  async function ofHost(liveId: string, id: string, person: Person): Promise<DrawDoc> {
    mustDo(await lives.byId(liveId), person, 'stock');
    const draw = await current(id);
    if (draw.live !== liveId) throw new AppError('not_found');
    return draw;
  }

  /** Undoes what a process that died had begun to prepare. */
  async function abandon(draw: DrawDoc): Promise<void> {
    if (draw.createdAt.getTime() + ABANDONED_MS > clock.now().getTime()) return;
    await cancel(draw);
  }

  return {
    byId: current,
    runningIn: (live: string) => store.runningIn(live),
    latestIn: (live: string) => store.latestIn(live),
    running: () => store.running(),
    list: (id: string) => store.list(id),
    countEntries: (id: string) => store.countEntries(id),

    /**
     * Opens a draw: its prizes are put aside, and the hash of its seed is fixed, before anybody can enter.
     *
     * @throws AppError `forbidden`, `live_not_running`, `conflict` while another runs, `sold_out` when there are not
     *   so many pieces, `not_found`, `invalid`
     */
    async open(command: OpenDrawCommand, person: Person): Promise<DrawDoc> {
      const live = await lives.byId(command.liveId);
      mustDo(live, person, 'stock');
      if (live.state !== 'live') throw new AppError('live_not_running');
      if (command.entry.kind === 'bought' && !deps.byPurchase) {
        throw new AppError('invalid', { fields: { entry: 'draw_by_purchase' } });
      }
      const now = clock.now();
      const seed = randomBytes(32).toString('hex');
      const draw: DrawDoc = {
        _id: newCode(),
        live: live._id,
        by: person.id,
        entry: command.entry,
        prizes: await prizesOf(deps.catalog, command),
        holds: [],
        state: 'preparing',
        running: true,
        seed,
        seedHash: sha256(seed),
        createdAt: now,
        openedAt: null,
        closesAt: new Date(now.getTime() + command.seconds * 1000),
        closedAt: null,
        claimHours: command.claimHours,
        committed: null,
        drawn: null,
        awardedAt: null,
      };
      try {
        await store.insert(draw);
      } catch (error) {
        if (isDuplicateKey(error)) throw new AppError('conflict', { fields: { liveId: 'draw_running' } });
        throw error;
      }
      try {
        const holds = await putAside(draw);
        const opened = await move(draw, 'open', { holds, openedAt: clock.now() });
        if (opened) return opened;
        throw new AppError('unavailable');
      } catch (error) {
        // Where somebody has taken it for abandoned meanwhile, they have not seen all of its prizes.
        if (!(await cancel(draw))) await clear(draw);
        throw error;
      }
    },

    /**
     * Takes no more entries, commits to the list, and draws a few seconds later. Closing twice is closing once.
     *
     * @throws AppError `forbidden`, `not_found`
     */
    async close(liveId: string, id: string, person: Person): Promise<DrawDoc> {
      return close(await ofHost(liveId, id, person));
    },

    /** Before it is closed, without a winner. @throws AppError `forbidden`, `not_found`, `conflict` when it is closed */
    async giveUp(liveId: string, id: string, person: Person): Promise<DrawDoc> {
      const draw = await ofHost(liveId, id, person);
      if (draw.state === 'cancelled') return draw;
      if (draw.state !== 'open') throw new AppError('conflict');
      const cancelled = await cancel(draw);
      if (!cancelled) throw new AppError('conflict');
      return cancelled;
    },

    /** Goes on with every draw that is due. Safe to run twice and on two nodes at once. */
    async attend(): Promise<void> {
      const now = clock.now();
      for (const draw of await store.running()) {
        if (draw.state === 'preparing') await abandon(draw);
        else if (draw.state === 'cancelled') await clear(draw);
        else if (draw.state === 'open' && draw.closesAt <= now) await close(draw);
        else await goOn(draw);
      }
      for (const draw of await store.unawarded()) await goOn(draw);
    },

    /** The live is over: whoever is in has a chance still. */
    async closeAllIn(live: string): Promise<void> {
      const draw = await store.runningIn(live);
      if (draw?.state === 'open') await close(draw);
    },

    async idle(): Promise<void> {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(working);
      await entries.idle();
    },
  };
}
