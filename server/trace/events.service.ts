import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { LANGS, type Lang, type Localized } from '../platform/lang.ts';
import { canonical, GENESIS, sha256, type Json } from './chain.rules.ts';
import { eventId, eventOf, OWN_STEPS, STEP_NAMES, type Happening, type RoadStep } from './epcis.rules.ts';
import type { EventDoc } from './events.model.ts';
import type { EventStore } from './events.store.ts';

export type Events = ReturnType<typeof createEvents>;

/** An event as it was recorded, read from its text. */
export interface RoadEvent {
  seq: number;
  key: string;
  hash: string;
  id: string;
  step: RoadStep;
  at: Date;
  recordedAt: Date;
  by: string;
  note: string | Localized | undefined;
  pictures: string[];
  parcel: string | undefined;
  units: string[];
  /** The id of the event that this one declares wrong. */
  declaresWrong: string | undefined;
  reason: string | undefined;
  event: Record<string, Json>;
}

export function createEvents(deps: { store: EventStore; clock: Clock }) {
  const { store, clock } = deps;

  /**
   * Puts what happened at the end of a lot's chain: one insert, whose key is the place after the head that was seen.
   * Whoever loses that place looks again. The same `key` is recorded once.
   *
   * @returns false when it was recorded before
   */
  async function record(lot: string, happening: Happening): Promise<boolean> {
    for (;;) {
      if (await store.byKey(lot, happening.key)) return false;
      const head = await store.head(lot);
      const event = eventOf(lot, happening, head?.hash ?? GENESIS, clock.now());
      const body = canonical(event);
      const seq = (head?.seq ?? 0) + 1;
      const doc = { _id: `${lot}:${seq}`, lot, seq, key: happening.key, body, hash: sha256(body) };
      if (await store.append(doc)) return true;
    }
  }

  return {
    record,
    known: (lot: string, keys: readonly string[]) => store.known(lot, keys),

    /** A lot's whole road from its beginning: for its desk, never for strangers, who could count parcels. */
    ofLot: async (lot: string): Promise<RoadEvent[]> => (await store.ofLot(lot)).map(readEvent),

    /** What anybody may see of a lot: what was done with it as a whole, and what was declared wrong of that. */
    async ofWholeLot(lot: string): Promise<RoadEvent[]> {
      return (await store.ofLot(lot, WHOLE_LOT)).map(readEvent);
    },

    /** The same, with what happened to one unit: by itself, in the cartons closed over it, and in its box. */
    async ofUnit(
      lot: string,
      { _id, parcel }: { _id: string; parcel: string | null },
      cartons: readonly { _id: string }[],
    ): Promise<RoadEvent[]> {
      const own = [`unit:${_id}`, ...cartons.map((carton) => `carton:${carton._id}`)];
      const box = parcel === null ? [] : [`parcel:${parcel}`];
      return (await store.ofLot(lot, [...WHOLE_LOT, ...own, ...box])).map(readEvent);
    },

    /**
     * Declares an event wrong by a new one. The old one stays where it is.
     *
     * @throws AppError `not_found`, `conflict` when it has been declared wrong before
     */
    async declareWrong(
      lot: string,
      command: { event: string; reason: 'did_not_occur' | 'incorrect_data'; note: string; by: string },
    ): Promise<void> {
      const all = (await store.ofLot(lot)).map(readEvent);
      const wrong = all.find(({ id, declaresWrong }) => id === command.event && !declaresWrong);
      if (!wrong) throw new AppError('not_found');
      const { reason, note, by } = command;
      const happening = { key: `wrong:${wrong.id}`, step: 'corrected' as const, at: wrong.at };
      const done = await record(lot, { ...happening, by, note, reason, corrects: wrong.event });
      if (!done) throw new AppError('conflict');
    },

    /** What a member has seen or done; the command sent twice is one event. @returns its id */
    async recordByHand(lot: string, commandId: string | undefined, happening: Omit<Happening, 'key'>) {
      const key = `hand:${commandId ?? newId()}`;
      await record(lot, { ...happening, key });
      return eventId(lot, key);
    },
  };
}

/** Beginnings of the keys of events that say nothing of how much was sold. */
const WHOLE_LOT = ['lot', 'hand', 'wrong', 'state', 'import'];

const STEPS_KNOWN: ReadonlySet<string> = new Set([...STEP_NAMES, ...OWN_STEPS]);

/** An imported event says in its own words what was done; the nearest that is shown is that somebody looked at it. */
function stepOf(text: string | undefined): RoadStep {
  return text !== undefined && STEPS_KNOWN.has(text) ? (text as RoadStep) : 'inspecting';
}

/** What was imported may be of any shape here: the standard leaves extensions open. */
function noteOf(note: Json | undefined): string | Localized | undefined {
  if (typeof note === 'string') return note;
  if (typeof note !== 'object' || note === null || Array.isArray(note)) return undefined;
  const said = note as Record<string, Json>;
  const texts = LANGS.map((lang) => said[lang]).filter((text) => typeof text === 'string');
  if (texts.length === 0) return undefined;
  const of = (lang: Lang) => (typeof said[lang] === 'string' ? said[lang] : texts[0]!);
  return { 'zh-CN': of('zh-CN'), en: of('en') };
}

export function readEvent({ seq, key, hash, body }: EventDoc): RoadEvent {
  const event = JSON.parse(body) as Record<string, Json>;
  const text = (name: string) => (typeof event[name] === 'string' ? event[name] : undefined);
  const list = (name: string) =>
    Array.isArray(event[name]) ? event[name].filter((one) => typeof one === 'string') : [];
  const error = event['errorDeclaration'] as { reason?: string } | undefined;
  return {
    seq,
    key,
    hash,
    id: text('eventID') ?? '',
    step: stepOf(text('sx:step')),
    at: new Date(text('eventTime') ?? 0),
    recordedAt: new Date(text('recordTime') ?? 0),
    by: text('sx:recordedBy') ?? '',
    note: noteOf(event['sx:note']),
    pictures: list('sx:pictures'),
    parcel: /^urn:x-shanxiang:parcel:(.+)$/.exec(text('parentID') ?? list('epcList')[0] ?? '')?.[1],
    units: [...list('epcList'), ...list('childEPCs')].flatMap((uri) => /\/21\/([^/]+)$/.exec(uri)?.[1] ?? []),
    declaresWrong: text('sx:declaredWrong'),
    reason: error?.reason,
    event,
  };
}
