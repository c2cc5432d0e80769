import { mustHaveRole, type Person } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { isDuplicateKey } from '../platform/db/index.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { CooperativeDoc } from './cooperatives.model.ts';
import type { AddCooperativeCommand } from './cooperatives.schema.ts';
import type { CooperativeStore } from './cooperatives.store.ts';

export type Cooperative = CooperativeDoc;
export type Cooperatives = ReturnType<typeof createCooperatives>;

export function createCooperatives(deps: { store: CooperativeStore; clock: Clock }) {
  const { store, clock } = deps;

  /** The cooperatives whose desk a person may open: an admin's are all, a member's are its own. */
  async function ofPerson(person: Person): Promise<Cooperative[]> {
    if (person.roles.includes('admin')) return store.all();
    if (!person.roles.includes('coop')) return [];
    const ids = await store.cooperativesOf(person.id);
    const found = await store.byIds(ids);
    return ids.flatMap((id) => found.filter((coop) => coop._id === id));
  }

  return {
    list: () => store.all(),
    byIds: (ids: string[]) => store.byIds(ids),

    /** @throws AppError `not_found` */
    async bySlug(slug: string): Promise<Cooperative> {
      const found = await store.bySlug(slug);
      if (!found) throw new AppError('not_found');
      return found;
    },

    /** @throws AppError `conflict` when the slug is taken */
    async add(command: AddCooperativeCommand): Promise<Cooperative> {
      const doc: CooperativeDoc = { _id: newId(), ...command, createdAt: clock.now() };
      try {
        await store.insert(doc);
      } catch (error) {
        if (isDuplicateKey(error)) throw new AppError('conflict', { fields: { slug: 'taken' } });
        throw error;
      }
      return doc;
    },

    async addMember(cooperativeId: string, userId: string) {
      await store.addMember(cooperativeId, userId, clock.now());
    },

    /** Their accounts' ids. */
    membersOf: (cooperativeId: string) => store.membersOf(cooperativeId),

    ofPerson,

    /** The same for whoever must have one. @throws AppError `not_signed_in`, `forbidden` without any */
    async desksOf(person: Person | undefined): Promise<Cooperative[]> {
      const desks = await ofPerson(mustHaveRole(person, 'coop'));
      if (desks.length === 0) throw new AppError('forbidden');
      return desks;
    },
  };
}
