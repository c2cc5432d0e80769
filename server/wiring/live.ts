import { createHmac } from 'node:crypto';
import {
  createActs,
  createActStore,
  createAnswers,
  createAnswerStore,
  createBans,
  createChapters,
  createChapterStore,
  createChatReports,
  createCouponDrops,
  createCrews,
  createCrewStore,
  createDetails,
  createDetailsStore,
  createDevices,
  createDropStore,
  createEvidence,
  createEvidenceStore,
  createLives,
  createLiveStore,
  createModeration,
  createModerationStore,
  createRails,
  createRelay,
  createReminders,
  createReminderStore,
  createReplays,
  createScripts,
  createScriptStore,
  createWatching,
  createWatchStore,
  createWords,
  isBought,
  type Acts,
  type Bans,
  type Chapters,
  type Lives,
} from '../live/index.ts';
import { toAppError } from '../platform/errors.ts';
import type { Lang } from '../platform/lang.ts';
import { localDay } from '../platform/views/index.ts';
import type { AccountServices } from './accounts.ts';
import type { CatalogServices } from './catalog.ts';
import type { CooperativeServices } from './cooperatives.ts';
import type { OrderServices } from './orders.ts';
import type { Ground } from './platform.ts';
import type { StockServices } from './stock.ts';
import type { VideoServices } from './video.ts';

type Below = Ground &
  AccountServices &
  CooperativeServices &
  CatalogServices &
  StockServices &
  OrderServices &
  VideoServices;

export type LiveServices = ReturnType<typeof wireLive>;

export function wireLive(below: Below) {
  const { db, bus, clock, secret, catalog, claims, stock, video } = below;
  const lives = createLives({
    ...{ store: createLiveStore(db), catalog, claims, sellingNext: stock.sellingNext, bus, clock },
  });
  const chapters = createChapters({ store: createChapterStore(db), lives });
  const acts = createActs({ store: createActStore(db), bus, clock });
  const room = { ...below, lives, chapters, acts };

  const chat = wireChat(room);

  bus.on('live.marked', ({ live }) => chapters.tidy(live));
  bus.on('live.moved', ({ live, state }) => (state === 'ended' ? video.over(live) : undefined));

  return {
    lives,
    chapters,
    acts,
    devices: createDevices({ secret, clock }),
    watching: createWatching({ store: createWatchStore(db), clock }),
    ...chat,
    ...wireCrew(room),
    ...wireTable(room),
    ...wireRecord(room),
    ...answersForOthers({ ...room, bans: chat.bans }),
    /** The name of a viewer in one live's records, which leads back to nobody. */
    viewerName: (live: string, person: string): string =>
      createHmac('sha256', secret).update(`viewer ${live} ${person}`).digest('hex').slice(0, 16),
  };
}

type Room = Below & { lives: Lives; chapters: Chapters; acts: Acts };

function wireChat({ db, bus, clock, accounts, follows, stock, orders, lives, acts }: Room) {
  const store = createModerationStore(db);
  const words = createWords({ store, clock });
  const moderation = createModeration({
    ...{ store, lives, words, acts, people: accounts.byIds, bus, clock },
    isFollower: (host, person) => follows.isFollower({ kind: 'host', target: host }, person),
    hasBought: async (person) => (await orders.ofBuyer(person)).some(({ state }) => isBought(state)),
  });
  const answers = createAnswers({
    ...{ store: createAnswerStore(db), chat: store, lives, stock, acts, bus, clock },
  });
  return {
    ...{ words, moderation, answers, bans: createBans({ store, people: accounts.byIds, clock }) },
    chatReports: createChatReports({ store, lives, acts, bus, clock }),
  };
}

function wireCrew({ db, bus, clock, accounts, lives, acts }: Room) {
  const store = createCrewStore(db);
  const relay = createRelay({ store, lives, acts, bus, clock });
  return {
    crews: createCrews({ store, lives, accounts, acts, bus, clock }),
    relay,
    turns: { of: relay.of },
  };
}

/** What is shown and given away in a live, and who is told of it beforehand. */
function wireTable(room: Room) {
  const { db, bus, clock, secret, media, accounts, catalog, claims, stock, offers, dispatch, lives, acts } =
    room;
  const { coupons, grants, outbox, renderer, translator, reachedAt } = room;
  return {
    details: createDetails({
      ...{ store: createDetailsStore(db), lives, catalog, claims, acts, bus },
      offersIn: (live) => offers.openIn(live),
    }),
    scripts: createScripts({ store: createScriptStore(db), lives, catalog, claims, acts }),
    rails: createRails({ catalog, stock, offers, dispatch, media }),
    couponDrops: createCouponDrops({
      ...{ store: createDropStore(db), lives, coupons, grants, catalog, bus, clock },
    }),
    reminders: createReminders({
      ...{ store: createReminderStore(db), lives, accounts, outbox, renderer, translator, clock, secret },
      origin: () => reachedAt.url,
    }),
  };
}

/** What is kept of a live: who bought on what they saw, and the picture to see again. */
function wireRecord(room: Room) {
  const { db, bus, clock, log, certificates, stock, offers, orders, recordings, lives, chapters } = room;
  const replays = createReplays({ recordings, chapters, lives });
  const evidence = createEvidence({
    ...{ store: createEvidenceStore(db), orders, offers, stock, lives, bus, clock, log },
    cardAt: async (live, at) => {
      const chapter = await chapters.at(live, at);
      return chapter ? { sku: chapter.sku, lot: chapter.lot, since: chapter.from } : null;
    },
    claimsOn: async (sku, codes, at) => {
      const day = localDay(at);
      const proofs = await Promise.all(codes.map((lot) => certificates.covering({ sku, lot, day })));
      return [...new Set(proofs.flat().map(({ kind, number }) => `${kind} ${number}`))];
    },
    recordedAt: (live, at) => recordings.at(live, at),
  });
  return { replays, clipOf: replays.clipOf, evidence };
}

/** What steps further down the ladder ask about lives (docs/decisions/010): plain values, never a live itself. */
function answersForOthers({ lives, chapters, bans }: Room & { bans: Bans }) {
  return {
    /** Whether these products are sold in a live now, and to whom of these people they are not. */
    async saleIn(
      id: string,
      skus: readonly string[],
      buyers: readonly { id: string; ids: readonly string[] }[],
    ) {
      const { live, holdSeconds } = await lives.saleIn(id, skus);
      return { holdSeconds, putOut: await bans.keptOut(live, buyers) };
    },

    async liveState(id: string) {
      const live = await lives.byId(id).catch((error: unknown) => {
        if (toAppError(error).code === 'not_found') return undefined;
        throw error;
      });
      return live?.state;
    },

    /** Title and address of a live. */
    async liveLink(id: string, lang: Lang) {
      const live = await lives.byId(id).catch(() => undefined);
      return live ? { id, title: live.title[lang], href: `/live/${id}` } : undefined;
    },

    /** When a lot was on the table of a live. */
    async shownInLives(lot: string, lang: Lang) {
      const found = await chapters.ofLot(lot);
      return Promise.all(
        found.map(async ({ live, chapter }) => {
          const { title } = await lives.byId(live);
          return { title: title[lang], href: `/live/${live}`, from: chapter.from, to: chapter.to };
        }),
      );
    },
  };
}
