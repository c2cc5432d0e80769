import type { Person } from '../accounts/index.ts';
import type { Catalog, Claims } from '../catalog/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { AppError } from '../platform/errors.ts';
import { newCode, newId } from '../platform/ids.ts';
import { createLane } from '../platform/lane.ts';
import { LANGS, type Localized } from '../platform/lang.ts';
import './live.facts.ts';
import type { PinMark } from './chapters.rules.ts';
import type { ChatDoc, LiveDoc } from './live.model.ts';
import { actingHost, turnsAfter } from './crew.rules.ts';
import { isOfHouse, mustDo, mustRun } from './live.policy.ts';
import { guestName, type ChatRole } from './live.rules.ts';
import type { ScheduleCommand } from './live.schema.ts';
import type { LiveStore } from './live.store.ts';

export type Live = LiveDoc;
export type Lives = ReturnType<typeof createLives>;

const CHAT_SHOWN = 50;

/** A lot that sells now; of several, the first one sells next. */
export interface SellingLot {
  code: string;
  available: number;
  bestBefore: string;
}

export function createLives(deps: {
  store: LiveStore;
  catalog: Catalog;
  claims: Claims;
  sellingNext: (skus: readonly string[]) => Promise<Map<string, SellingLot[]>>;
  bus: Bus;
  clock: Clock;
}) {
  const { store, catalog, claims, bus, clock } = deps;

  /** Without words in its title and introduction that no certificate of what it sells covers today. */
  const shown = (live: Live): Live => ({
    ...live,
    title: catalog.mask(live.title, live.rail, 'title'),
    intro: catalog.mask(live.intro, live.rail, 'prose'),
  });

  /** A rush asks for the same live hundreds of times at once: those that wait share one reading. */
  const askedLane = createLane<string, Live | undefined>({
    maxBatch: 1_000,
    maxWaiting: 50_000,
    restMs: 3,
    async work(ids) {
      const found = new Map((await store.byIds([...new Set(ids)])).map((live) => [live._id, shown(live)]));
      return ids.map((id) => ({ ok: true, value: found.get(id) }));
    },
  });

  /** As it is after the question, never from before. @throws AppError `not_found` */
  async function byId(id: string): Promise<Live> {
    const live = await askedLane.enter(id);
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
    restMs: 10,
    async work(docs) {
      await store.insertChat(docs);
      const shown = docs.filter(({ hidden }) => !hidden);
      const messages = shown.map(({ _id, live, person, name, text, at, role, question }) => ({
        id: _id,
        live,
        person,
        name,
        text,
        at,
        role,
        question,
      }));
      if (messages.length > 0) bus.tell('live.chatted', { messages });
      return docs.map((value) => ({ ok: true, value }));
    },
  });

  async function lay(
    id: string,
    wanted: { sku: string | null; lot: string | null; version: number | undefined },
    person: Person,
  ): Promise<Live> {
    for (;;) {
      const live = await byId(id);
      mustDo(live, person, 'pin');
      if (wanted.sku !== null && !live.rail.includes(wanted.sku)) throw new AppError('not_found');
      if (live.state === 'ended') throw new AppError('live_not_running');
      if (wanted.version !== undefined && wanted.version !== (live.pinSeq ?? 0))
        throw new AppError('conflict');
      const mark = nextMark(live, wanted, { by: person.id, at: clock.now() });
      const laid = await store.pin(id, mark);
      if (!laid) continue;
      bus.tell('live.pinned', { live: id, pinned: laid.pinned, seq: laid.pinSeq ?? 0 });
      bus.tell('live.marked', { live: laid, mark });
      return laid;
    }
  }

  const likeLane = createLane<{ live: string; count: number }, void>({
    maxBatch: 10_000,
    maxWaiting: 50_000,
    restMs: 50,
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
    running: async () => (await store.inState('live', 20)).map(shown),
    next: async () => (await store.inState('scheduled', 20)).map(shown),
    ended: async () => (await store.inState('ended', 20)).map(shown),
    ofHost: (person: Person) => store.ofHost(person.roles.includes('admin') ? undefined : person.id, 50),

    /**
     * @throws AppError `invalid` for an unknown SKU, `conflict` for a taken id, `claim_not_covered` for words that no
     *   certificate of its products covers
     */
    async schedule(command: ScheduleCommand, host: { id: string; name: string }): Promise<Live> {
      const known = await catalog.sellables(command.rail);
      if (command.rail.some((sku) => !known.has(sku))) {
        throw new AppError('invalid', { fields: { skus: 'unknown' } });
      }
      const both = (text: Localized) => LANGS.map((lang) => text[lang]).join('\n');
      await claims.refuse({
        fields: { title: both(command.title), intro: both(command.intro) },
        skus: command.rail,
        cover: 'any',
      });
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
      const turns = [{ host: live.host, name: live.hostName, from: at, to: null }];
      const started = await store.move(id, 'scheduled', { state: 'live', startedAt: at, turns });
      if (!started) throw new AppError('conflict');
      bus.tell('live.moved', { live: id, state: 'live', at });
      return started;
    },

    /** @throws AppError `forbidden`, `conflict` when it never began */
    async stop(id: string, person: Person): Promise<Live> {
      for (;;) {
        const live = await ownLive(id, person);
        if (live.state === 'ended') return live;
        if (live.state !== 'live') throw new AppError('conflict');
        const mark = nextMark(live, { sku: null, lot: null }, { by: person.id, at: clock.now() });
        const ended = await store.end(live, { mark, turns: turnsAfter(live.turns ?? [], mark.at) });
        if (!ended) continue; // somebody pinned or took over in this very moment
        bus.tell('live.moved', { live: id, state: 'ended', at: mark.at });
        return ended;
      }
    },

    /**
     * Lays a product on the table, bound to a lot: the one that was chosen, or the one that sells next. With
     * `version` it is the picture that the tap was made on; a later pin of somebody else's then stands.
     *
     * @throws AppError `forbidden`, `not_found` for a product that is not on the rail, `invalid` for a lot that is not
     * on sale, `conflict` when the table is another by now, `live_not_running`
     */
    async pin(
      id: string,
      pin: { sku: string; lot?: string | undefined; version?: number | undefined },
      person: Person,
    ): Promise<Live> {
      const lots = (await deps.sellingNext([pin.sku])).get(pin.sku) ?? [];
      const lot = pin.lot === undefined ? lots[0] : lots.find(({ code }) => code === pin.lot);
      if (pin.lot !== undefined && !lot) throw new AppError('invalid', { fields: { lotId: 'unknown' } });
      await catalog.mustBeCovered(pin.sku, lot ? [lot.code] : []);
      return lay(id, { sku: pin.sku, lot: lot?.code ?? null, version: pin.version }, person);
    },

    unpin: (id: string, person: Person, version?: number): Promise<Live> =>
      lay(id, { sku: null, lot: null, version }, person),

    /** Stored before this resolves; hidden words are stored and told to nobody. @throws AppError `live_not_running` */
    async say(id: string, text: string, person: Person, more: SaidMore = {}): Promise<ChatDoc> {
      const live = await byId(id);
      if (live.state !== 'live') throw new AppError('live_not_running');
      const role = chatRole(live, person);
      return chatLane.enter({
        _id: newId(),
        live: id,
        at: clock.now(),
        person: person.id,
        name:
          role === 'host' && live.host === person.id ? live.hostName : person.name || guestName(person.id),
        text,
        role,
        ...more,
      });
    },

    latestChat: (id: string) => store.latestChat(id, CHAT_SHOWN),
    said: (id: string, span: { from: Date; to: Date }) => store.said(id, span),

    /** Counted before this resolves. A live that does not run counts nothing. */
    like: (id: string, count: number) => likeLane.enter({ live: id, count }),

    /** Whether these products are being sold in that live now. @throws AppError `live_not_running`, `not_found` */
    async saleIn(
      id: string,
      skus: readonly string[],
    ): Promise<{ live: Live; holdSeconds: number | undefined }> {
      const live = await askedLane.enter(id);
      if (live?.state !== 'live') throw new AppError('live_not_running');
      if (skus.some((sku) => !live.rail.includes(sku))) throw new AppError('not_found');
      return { live, holdSeconds: live.holdSeconds ?? undefined };
    },

    raisePeak: (id: string, viewers: number) => store.raisePeak(id, viewers),

    async idle() {
      await Promise.all([chatLane.idle(), likeLane.idle()]);
    },
  };
}

/** What is kept of a message beside its words. */
export type SaidMore = Pick<ChatDoc, 'device' | 'place' | 'question' | 'hidden'>;

function chatRole(live: Live, person: Person): ChatRole {
  if (!person.guest && [live.host, actingHost(live)].includes(person.id)) return 'host';
  if (person.roles.includes('admin')) return 'admin';
  return isOfHouse(live, person) ? 'crew' : 'viewer';
}

function nextMark(
  live: Live,
  laid: { sku: string | null; lot: string | null },
  { by, at }: { by: string; at: Date },
): PinMark {
  return { seq: (live.pinSeq ?? 0) + 1, sku: laid.sku, lot: laid.lot, at, host: actingHost(live), by };
}
