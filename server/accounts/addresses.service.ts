import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { groupBy } from '../platform/group.ts';
import type { Person } from './accounts.rules.ts';
import type { AddressDoc } from './addresses.model.ts';
import { inBookOrder, isSameAddress, type PostalAddress } from './addresses.rules.ts';
import type { AddressStore } from './addresses.store.ts';

export type Address = AddressDoc;
export type Addresses = ReturnType<typeof createAddresses>;

/** More than anybody needs, few enough for a page. */
const MOST = 30;

/** The address book of a person, and of the guests that it once was. */
export function createAddresses(deps: { store: AddressStore; clock: Clock }) {
  const { store, clock } = deps;

  /** Of many in one reading: a live's rush asks for hundreds at once. */
  async function defaultsOf(people: readonly Pick<Person, 'ids'>[]): Promise<(Address | undefined)[]> {
    const found = groupBy(
      await store.of([...new Set(people.flatMap(({ ids }) => ids))]),
      ({ person }) => person,
    );
    return people.map(({ ids }) => inBookOrder(ids.flatMap((id) => found.get(id) ?? []))[0]);
  }

  async function insert(address: PostalAddress, person: Person, isDefault: boolean): Promise<Address> {
    const now = clock.now();
    const { name, phone, province, city, county, street } = address;
    const doc: AddressDoc = {
      _id: newId(),
      person: person.id,
      ...{ name, phone, province, city, county, street },
      defaultAt: isDefault ? now : null,
      createdAt: now,
      updatedAt: now,
    };
    await store.insert(doc);
    return doc;
  }

  return {
    /** The default first. */
    list: async (person: Person): Promise<Address[]> => inBookOrder(await store.of(person.ids)),
    defaultsOf,
    defaultOf: async (person: Pick<Person, 'ids'>) => (await defaultsOf([person]))[0],

    /** @throws AppError `not_found`, also for another's */
    async byId(id: string, person: Person): Promise<Address> {
      const found = await store.byId(id, person.ids);
      if (!found) throw new AppError('not_found');
      return found;
    },

    /** Something written twice is there once. @throws AppError `conflict` when the book is full */
    async add(address: PostalAddress, person: Person, options: { isDefault: boolean }): Promise<Address> {
      const known = await store.of(person.ids);
      const same = known.find((one) => isSameAddress(one, address));
      if (same) {
        const now = clock.now();
        if (options.isDefault) {
          await store.change({ id: same._id, people: person.ids }, { updatedAt: now, defaultAt: now });
        }
        return same;
      }
      if (known.length >= MOST) throw new AppError('conflict', { fields: { street: 'addresses_full' } });
      return insert(address, person, options.isDefault);
    },

    /** @throws AppError `not_found`, also for another's */
    async change(id: string, change: { address: PostalAddress; isDefault: boolean }, person: Person) {
      const now = clock.now();
      const { name, phone, province, city, county, street } = change.address;
      const set = { name, phone, province, city, county, street, updatedAt: now };
      const key = { id, people: person.ids };
      const done = await store.change(key, change.isDefault ? { ...set, defaultAt: now } : set);
      if (!done) throw new AppError('not_found');
    },

    /** @throws AppError `not_found`, also for another's */
    async makeDefault(id: string, person: Person) {
      const now = clock.now();
      const done = await store.change({ id, people: person.ids }, { updatedAt: now, defaultAt: now });
      if (!done) throw new AppError('not_found');
    },

    /** One that is gone already, or another's, is left as it is. */
    remove: (id: string, person: Person) => store.remove(id, person.ids),
  };
}
