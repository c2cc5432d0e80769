import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { createLane } from '../platform/lane.ts';
import type { Acts } from './acts.service.ts';
import { actingHost, memberOf } from './crew.rules.ts';
import './desk.facts.ts';
import type { Device } from './device.service.ts';
import type { ChatDoc } from './live.model.ts';
import { isOfHouse, mustDo } from './live.policy.ts';
import type { Live, Lives } from './live.service.ts';
import type { Hidden, SanctionDoc } from './moderation.model.ts';
import { keysOf, meets, NO_CHAT_RULES, type ChatRules, type Speaker } from './moderation.rules.ts';
import type { ChatRulesCommand, SanctionCommand } from './moderation.schema.ts';
import type { ModerationStore } from './moderation.store.ts';
import { isQuestion } from './words.rules.ts';
import type { Words } from './words.service.ts';

export type Moderation = ReturnType<typeof createModeration>;

/** How long a banned guest's network counts. Long enough for them to lose interest, short for their neighbours. */
const PLACE_MS = 15 * 60_000;

/** Messages of one person that a ban takes from the screens. */
const SWEPT = 50;

export interface ModerationDeps {
  store: ModerationStore;
  lives: Lives;
  words: Words;
  acts: Acts;
  isFollower: (host: string, person: Person) => Promise<boolean>;
  hasBought: (person: Person) => Promise<boolean>;
  /** People by id, to know whether somebody is an admin. */
  people: (ids: readonly string[]) => Promise<Person[]>;
  bus: Bus;
  clock: Clock;
}

/** Who may speak, what is shown of it, and what moderators do about it. */
export function createModeration(deps: ModerationDeps) {
  const { store, lives, words, acts, bus, clock } = deps;

  const scopesOf = (live: Pick<Live, '_id' | 'host'>) => [`live:${live._id}`, `host:${live.host}`];

  /** Everybody who speaks is looked up; those who speak at once share one reading. */
  const sanctionLane = createLane<{ scopes: string[]; keys: string[] }, SanctionDoc[]>({
    maxBatch: 500,
    maxWaiting: 5_000,
    restMs: 5,
    async work(asked) {
      const found = await store.inForce({
        scopes: [...new Set(asked.flatMap(({ scopes }) => scopes))],
        keys: [...new Set(asked.flatMap(({ keys }) => keys))],
        now: clock.now(),
      });
      return asked.map(({ scopes }) => ({
        ok: true,
        value: found.filter(({ scope }) => scopes.includes(scope)),
      }));
    },
  });

  /** @throws AppError `muted` */
  async function mustNotBeSanctioned(live: Live, speaker: Speaker): Promise<void> {
    const keys = keysOf(speaker);
    const now = clock.now();
    for (const sanction of await sanctionLane.enter({ scopes: scopesOf(live), keys })) {
      const how = meets(sanction, speaker, now);
      if (!how) continue;
      // Whoever comes back on a known device under a new name is known by that name, too.
      const fresh = how === 'known' ? keys.filter((key) => !sanction.keys.includes(key)) : [];
      if (fresh.length > 0) await store.addKeys(sanction._id, fresh);
      const seconds = sanction.until && Math.ceil((sanction.until.getTime() - now.getTime()) / 1000);
      throw new AppError('muted', seconds ? { retryAfter: seconds } : {});
    }
  }

  /** @throws AppError `followers_only`, `buyers_only`, `rate_limited` in slow mode */
  async function mustKeepRules(live: Live, rules: ChatRules, person: Person, speaker: Speaker) {
    if (rules.audience === 'followers' && !(await deps.isFollower(live.host, person))) {
      throw new AppError('followers_only');
    }
    if (rules.audience === 'buyers' && !(await deps.hasBought(person))) throw new AppError('buyers_only');
    if (rules.slowSeconds === 0) return;
    const who = person.guest && speaker.device ? `device:${speaker.device.id}` : `person:${person.id}`;
    const span = { now: clock.now(), ms: rules.slowSeconds * 1000 };
    if (!(await store.mayAgain(live._id, who, span))) {
      throw new AppError('rate_limited', { retryAfter: rules.slowSeconds });
    }
  }

  async function hide(live: Live, message: ChatDoc, from: Hidden['as'] | null, hidden: Hidden) {
    const done = await store.hide(message._id, from, hidden);
    if (done && from === null) bus.tell('chat.hidden', { live: live._id, ids: [message._id] });
    return done;
  }

  /** Nobody acts on the house: not on the host, nor on an assistant, nor on an admin. @throws AppError `forbidden` */
  async function mustBeGuest(live: Live, personId: string): Promise<void> {
    const [person] = await deps.people([personId]);
    const ofHouse =
      live.host === personId || actingHost(live) === personId || memberOf(live, personId) !== undefined;
    if (ofHouse || person?.roles.includes('admin')) throw new AppError('forbidden');
  }

  /** @throws AppError `not_found` */
  async function messageOf(live: Live, id: string): Promise<ChatDoc> {
    const message = await store.message(live._id, id);
    if (!message) throw new AppError('not_found');
    return message;
  }

  async function desk(liveId: string, person: Person): Promise<Live> {
    const live = await lives.byId(liveId);
    mustDo(live, person, 'moderate');
    return live;
  }

  async function insertSanction(live: Live, message: ChatDoc, command: SanctionCommand, by: string) {
    const now = clock.now();
    const known = await store.saidBy(live._id, message.person, SWEPT);
    const [account] = await deps.people([message.person]);
    const devices = known.flatMap(({ device }) => (device === undefined ? [] : [`device:${device}`]));
    const people = (account?.ids ?? [message.person]).map((id) => `person:${id}`);
    const ban = command.kind === 'ban';
    const doc: SanctionDoc = {
      _id: newId(),
      scope: ban ? `host:${live.host}` : `live:${live._id}`,
      live: live._id,
      kind: command.kind,
      keys: [...new Set([...people, ...devices])],
      place:
        account === undefined && message.place
          ? { key: message.place, until: new Date(now.getTime() + PLACE_MS) }
          : null,
      name: message.name,
      until: command.minutes === undefined ? null : new Date(now.getTime() + command.minutes * 60_000),
      by,
      at: now,
      why: command.why,
      lifted: null,
    };
    await store.insertSanction(doc);
    return { doc, known };
  }

  return {
    /**
     * What somebody says, stored before this resolves. Held words are shown to their sender and the moderators only.
     *
     * @throws AppError `live_not_running`, `muted`, `followers_only`, `buyers_only`, `rate_limited`, `words_refused`
     */
    async say(
      said: { liveId: string; text: string; question?: boolean | undefined },
      from: { person: Person; device: Device | undefined },
    ): Promise<{ message: ChatDoc; held: boolean }> {
      const { person, device } = from;
      const live = await lives.byId(said.liveId);
      if (live.state !== 'live') throw new AppError('live_not_running');
      const asks = said.question === true || isQuestion(said.text);
      if (isOfHouse(live, person)) {
        return { message: await lives.say(said.liveId, said.text, person), held: false };
      }
      const speaker: Speaker = { ids: person.ids, guest: person.guest, device };
      const rules = live.chatRules ?? NO_CHAT_RULES;
      await mustNotBeSanctioned(live, speaker);
      await mustKeepRules(live, rules, person, speaker);
      const match = await words.find(said.text, rules.words);
      const hidden = match && {
        as: match.verdict === 'refuse' ? ('refused' as const) : ('held' as const),
        by: 'words',
        at: clock.now(),
        why: match.text,
      };
      const message = await lives.say(said.liveId, said.text, person, {
        device: device?.id,
        place: device?.place,
        ...(asks ? { question: true } : {}),
        hidden: hidden ?? null,
      });
      if (hidden?.as === 'refused') throw new AppError('words_refused');
      if (hidden) bus.tell('chat.held', { message: { id: message._id, ...message } });
      return { message, held: hidden !== undefined };
    },

    /** Takes a message from every screen; it stays in the log. @throws AppError `forbidden`, `not_found` */
    async remove(liveId: string, command: { messageId: string; why: string }, person: Person) {
      const live = await desk(liveId, person);
      const message = await messageOf(live, command.messageId);
      await mustBeGuest(live, message.person);
      const from = message.hidden?.as === 'held' ? ('held' as const) : null;
      if (message.hidden && !from) return;
      const hidden = { as: 'deleted' as const, by: person.id, at: clock.now(), why: command.why };
      const act = {
        live: liveId,
        act: 'message_deleted' as const,
        about: aboutMessage(message),
        why: command.why,
      };
      await acts.during(act, person, async () => void (await hide(live, message, from, hidden)));
    },

    /** Shows what was deleted or held. @throws AppError `forbidden`, `not_found`, `conflict` when it is shown already */
    async restore(liveId: string, messageId: string, person: Person) {
      const live = await desk(liveId, person);
      const message = await messageOf(live, messageId);
      const from = message.hidden?.as;
      if (!from) throw new AppError('conflict');
      const act = from === 'deleted' ? ('message_restored' as const) : ('message_approved' as const);
      await acts.during({ live: liveId, act, about: aboutMessage(message) }, person, async () => {
        const shown = await store.hide(message._id, from, null);
        if (!shown) throw new AppError('conflict');
        bus.tell('live.chatted', { messages: [{ id: shown._id, ...shown }] });
      });
    },

    /**
     * Mutes in this live, or bans from all lives of its host; on the account and on every device they were seen on.
     * A ban also takes what they said from the screens, and them out of the rooms.
     *
     * @throws AppError `forbidden`, also for anybody of the house, `not_found`
     */
    async sanction(command: SanctionCommand, person: Person): Promise<{ id: string }> {
      const live = await desk(command.liveId, person);
      const message = await messageOf(live, command.messageId);
      await mustBeGuest(live, message.person);
      const act = command.kind === 'ban' ? ('banned' as const) : ('muted' as const);
      const entry = { live: live._id, act, about: message.name, why: command.why };
      return acts.during(entry, person, async () => {
        const { doc, known } = await insertSanction(live, message, command, person.id);
        if (command.kind === 'ban') {
          const hidden = { as: 'deleted' as const, by: person.id, at: doc.at, why: command.why };
          for (const one of known) if (!one.hidden) await hide(live, one, null, hidden);
          bus.tell('person.banned', { host: live.host });
        }
        return { id: doc._id };
      });
    },

    /** Undoes a mute or a ban at once. @throws AppError `forbidden`, `not_found` when it is not in force here */
    async lift(liveId: string, id: string, person: Person): Promise<void> {
      const live = await desk(liveId, person);
      await acts.during({ live: liveId, act: 'lifted', about: id }, person, async () => {
        const lifted = await store.lift(id, scopesOf(live), { by: person.id, at: clock.now() });
        if (!lifted) throw new AppError('not_found');
      });
    },

    /** @throws AppError `forbidden`, `live_not_running` when it has ended */
    async setRules({ liveId, ...rules }: ChatRulesCommand, person: Person): Promise<void> {
      await desk(liveId, person);
      const about = `${rules.audience} ${rules.slowSeconds}s ${rules.words.length}`;
      await acts.during({ live: liveId, act: 'rules_set', about }, person, async () => {
        const changed = await store.setRules(liveId, rules);
        if (!changed) throw new AppError('live_not_running');
        bus.tell('desk.changed', { live: changed });
      });
    },

    sanctionsOf: async (liveId: string) => store.sanctionsIn(scopesOf(await lives.byId(liveId)), 100),
    held: (liveId: string) => store.messages(liveId, 'held', 50),
    deleted: (liveId: string) => store.messages(liveId, 'deleted', 50),
    questions: (liveId: string) => store.questions(liveId, 50),

    /** What slow mode remembers of long ago. */
    forgetSpoken: () => store.forgetSpoken(new Date(clock.now().getTime() - 3_600_000)),
  };
}

function aboutMessage({ name, text }: Pick<ChatDoc, 'name' | 'text'>): string {
  return `${name}: ${text}`;
}
