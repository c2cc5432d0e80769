import type { Person } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { AppError } from '../platform/errors.ts';
import { newCode, newId } from '../platform/ids.ts';
import { createLane } from '../platform/lane.ts';
import './live.facts.ts';
import type { ChatDoc, LiveDoc } from './live.model.ts';
import { mustRun } from './live.policy.ts';
import { guestName } from './live.rules.ts';
import type { ScheduleCommand } from './live.schema.ts';
import type { LiveStore } from './live.store.ts';

export type Live = LiveDoc;
export type Lives = ReturnType<typeof createLives>;

const CHAT_SHOWN = 50;

export function createLives(deps: { store: LiveStore; catalog: Catalog; bus: Bus; clock: Clock }) {
  const { store, catalog, bus, clock } = deps;

  /** @throws AppError `not_found` */
  async function byId(id: string): Promise<Live> {
    const live = await store.byId(id);
    if (!live) throw new AppError('not_found');
    return live;
  }

  async function ownLive(id: string, person: Person): Promise<Live> {
    const live = await byId(id);
    mustRun(live, person);
    return live;
  }

  const chatLane = createLane<ChatDoc, ChatDoc>({
    maxBatch: 500,
    maxWaiting: 5_000,
    async work(docs) {
      await store.insertChat(docs);
      const messages = docs.map(({ _id, live, name, text, at, role }) => ({
        id: _id,
        live,
        name,
        text,
        at,
        role,
      }));
      bus.tell('live.chatted', { messages });
      return docs.map((value) => ({ ok: true, value }));
    },
  });

  /** A rush asks hundreds of times at once whether the live still runs: those that wait share one reading. */
  const askedLane = createLane<string, Live | undefined>({
    maxBatch: 1_000,
    maxWaiting: 50_000,
    async work(ids) {
      const found = await store.byIds([...new Set(ids)]);
      return ids.map((id) => ({ ok: true, value: found.find(({ _id }) => _id === id) }));
    },
  });

  const likeLane = createLane<{ live: string; count: number }, void>({
    maxBatch: 10_000,
    maxWaiting: 50_000,
    async work(inputs) {
      const sums = new Map<string, number>();
      for (const { live, count } of inputs) sums.set(live, (sums.get(live) ?? 0) + count);
      await store.addLikes(sums);
      bus.tell('live.liked', { likes: sums });
      return inputs.map(() => ({ ok: true, value: undefined }));
    },
  });

  return {
    byId,
    running: () => store.inState('live', 20),
    next: () => store.inState('scheduled', 20),
    ended: () => store.inState('ended', 20),
    ofHost: (person: Person) => store.ofHost(person.roles.includes('admin') ? undefined : person.id, 50),

    /** @throws AppError `invalid` for an unknown SKU, `conflict` for a taken id */
    async schedule(command: ScheduleCommand, host: { id: string; name: string }): Promise<Live> {
      const known = await catalog.sellables(command.rail);
      if (command.rail.some((sku) => !known.has(sku))) {
        throw new AppError('invalid', { fields: { skus: 'unknown' } });
      }
      const { id, holdSeconds, ...rest } = command;
      const live: LiveDoc = {
        _id: id ?? newCode().toLowerCase(),
        ...rest,
        host: host.id,
        hostName: host.name,
        state: 'scheduled',
        startedAt: null,
        endedAt: null,
        pinned: null,
        likes: 0,
        peakViewers: 0,
        holdSeconds: holdSeconds ?? null,
        createdAt: clock.now(),
      };
      try {
        await store.insert(live);
      } catch (error) {
        if (isDuplicateKey(error)) throw new AppError('conflict');
        throw error;
      }
      bus.tell('live.moved', { live: live._id, state: 'scheduled', at: live.createdAt });
      return live;
    },

    /** @throws AppError `forbidden`, `conflict` when it has ended. Starting twice is starting once. */
    async start(id: string, person: Person): Promise<Live> {
      const live = await ownLive(id, person);
      if (live.state === 'live') return live;
      const at = clock.now();
      const started = await store.move(id, 'scheduled', { state: 'live', startedAt: at });
      if (!started) throw new AppError('conflict');
      bus.tell('live.moved', { live: id, state: 'live', at });
      return started;
    },

    /** @throws AppError `forbidden`, `conflict` when it never began */
    async stop(id: string, person: Person): Promise<Live> {
      const live = await ownLive(id, person);
      if (live.state === 'ended') return live;
      const at = clock.now();
      const ended = await store.move(id, 'live', { state: 'ended', endedAt: at, pinned: null });
      if (!ended) throw new AppError('conflict');
      bus.tell('live.moved', { live: id, state: 'ended', at });
      return ended;
    },

    /** @throws AppError `forbidden`, `not_found` for a product that is not on the rail, `live_not_running` */
    async pin(id: string, pin: { sku: string; lot?: string | undefined }, person: Person): Promise<Live> {
      const live = await ownLive(id, person);
      if (!live.rail.includes(pin.sku)) throw new AppError('not_found');
      const pinned = await store.pin(id, { sku: pin.sku, lot: pin.lot ?? null, at: clock.now() });
      if (!pinned) throw new AppError('live_not_running');
      bus.tell('live.pinned', { live: id, sku: pin.sku });
      return pinned;
    },

    async unpin(id: string, person: Person): Promise<Live> {
      await ownLive(id, person);
      const live = await store.pin(id, null);
      if (!live) throw new AppError('live_not_running');
      bus.tell('live.pinned', { live: id, sku: null });
      return live;
    },

    /** Stored before this resolves. @throws AppError `live_not_running` */
    async say(id: string, text: string, person: Person): Promise<ChatDoc> {
      const live = await byId(id);
      if (live.state !== 'live') throw new AppError('live_not_running');
      const role = live.host === person.id ? 'host' : person.roles.includes('admin') ? 'admin' : 'viewer';
      return chatLane.enter({
        _id: newId(),
        live: id,
        at: clock.now(),
        person: person.id,
        name: role === 'host' ? live.hostName : person.name || guestName(person.id),
        text,
        role,
      });
    },

    latestChat: (id: string) => store.latestChat(id, CHAT_SHOWN),

    /** Counted before this resolves. A live that does not run counts nothing. */
    like: (id: string, count: number) => likeLane.enter({ live: id, count }),

    /** Whether these products are being sold in that live now. @throws AppError `live_not_running`, `not_found` */
    async saleIn(id: string, skus: readonly string[]): Promise<{ holdSeconds: number | undefined }> {
      const live = await askedLane.enter(id);
      if (live?.state !== 'live') throw new AppError('live_not_running');
      if (skus.some((sku) => !live.rail.includes(sku))) throw new AppError('not_found');
      return { holdSeconds: live.holdSeconds ?? undefined };
    },

    raisePeak: (id: string, viewers: number) => store.raisePeak(id, viewers),

    async idle() {
      await Promise.all([chatLane.idle(), likeLane.idle()]);
    },
  };
}
