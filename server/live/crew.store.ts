import type { Database } from '../platform/db/index.ts';
import { MAX_CREW, MAX_TURNS, type CrewMember, type Handover, type Right, type Turn } from './crew.rules.ts';
import { liveModels, type LiveDoc } from './live.model.ts';

export type CrewStore = ReturnType<typeof createCrewStore>;

/** Crew and turns lie in the live's own document: who may what is known with every reading of it. */
export function createCrewStore(db: Database) {
  const { lives } = liveModels(db);
  const change = (filter: object, update: object) =>
    lives.findOneAndUpdate(filter, update, { returnDocument: 'after' }).lean<LiveDoc>().exec();

  const changeByPipeline = (filter: object, stages: object[]) =>
    lives
      .findOneAndUpdate(filter, stages, { returnDocument: 'after', updatePipeline: true })
      .lean<LiveDoc>()
      .exec();

  return {
    /** null when they are listed already, or the crew is full. */
    add: (live: string, member: CrewMember) =>
      change(
        { _id: live, 'crew.person': { $ne: member.person }, [`crew.${MAX_CREW - 1}`]: { $exists: false } },
        { $push: { crew: member } },
      ),
    setRights: (live: string, member: string, rights: readonly Right[]) =>
      change({ _id: live, 'crew.id': member }, { $set: { 'crew.$.rights': rights } }),
    /** A handover that waits for them goes with them. null when nobody is listed under this id. */
    remove: (live: string, member: CrewMember) =>
      changeByPipeline({ _id: live, 'crew.id': member.id }, [
        {
          $set: {
            crew: { $filter: { input: '$crew', cond: { $ne: ['$$this.id', member.id] } } },
            handover: { $cond: [{ $eq: ['$handover.to', member.person] }, null, '$handover'] },
          },
        },
      ]),
    ofMember: (person: string, limit: number) =>
      lives.find({ 'crew.person': person }).sort({ startsAt: -1 }).limit(limit).lean<LiveDoc[]>().exec(),

    /** In place of one that waits already: the last word counts. */
    offer: (live: string, handover: Handover) =>
      change(
        { _id: live, state: 'live', [`turns.${MAX_TURNS - 1}`]: { $exists: false } },
        { $set: { handover } },
      ),
    withdraw: (live: string, handover: string) =>
      change({ _id: live, 'handover.id': handover }, { $set: { handover: null } }),
    /** Of two who accept at once one finds the handover, the other null. */
    accept: (live: string, handover: string, turns: { before: number; after: Turn[] }) =>
      change(
        {
          _id: live,
          state: 'live',
          'handover.id': handover,
          [`turns.${turns.before}`]: { $exists: false },
        },
        { $set: { turns: turns.after, handover: null } },
      ),
  };
}
