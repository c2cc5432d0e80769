import type { Accounts, Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Acts } from './acts.service.ts';
import { memberOf, type CrewMember, type Right } from './crew.rules.ts';
import type { CrewStore } from './crew.store.ts';
import './desk.facts.ts';
import { mayManageCrew } from './live.policy.ts';
import type { Live, Lives } from './live.service.ts';

export type Crews = ReturnType<typeof createCrews>;

export interface CrewDeps {
  store: CrewStore;
  lives: Lives;
  accounts: Accounts;
  acts: Acts;
  bus: Bus;
  clock: Clock;
}

/** Who helps in a live. Rights count from the next act on, and so does taking them away. */
export function createCrews({ store, lives, accounts, acts, bus, clock }: CrewDeps) {
  /** @throws AppError `forbidden` for everybody but whose live it is and admins */
  async function own(id: string, person: Person): Promise<Live> {
    const live = await lives.byId(id);
    if (!mayManageCrew(live, person)) throw new AppError('forbidden');
    return live;
  }

  /** @throws AppError `not_found` */
  function listed(live: Live, member: string): CrewMember {
    const found = live.crew?.find(({ id }) => id === member);
    if (!found) throw new AppError('not_found');
    return found;
  }

  return {
    /** @throws AppError `forbidden`, `invalid` for a login that nobody has, `conflict` when listed or full */
    async invite(id: string, invited: { login: string; rights: Right[] }, person: Person): Promise<void> {
      const live = await own(id, person);
      const account = await accounts.byLogin(invited.login);
      if (!account) throw new AppError('invalid', { fields: { login: 'login_unknown' } });
      if (account.id === live.host || memberOf(live, account.id)) {
        throw new AppError('conflict', { fields: { login: 'crew_listed' } });
      }
      const member = {
        ...{ id: newId(), person: account.id, name: account.name, rights: invited.rights },
        ...{ by: person.id, at: clock.now() },
      };
      const about = `${account.name}: ${invited.rights.join(', ')}`;
      await acts.during({ live: id, act: 'crew_invited', about }, person, async () => {
        const changed = await store.add(id, member);
        if (!changed) throw new AppError('conflict', { fields: { login: 'crew_full' } });
        bus.tell('desk.changed', { live: changed });
      });
    },

    /** @throws AppError `forbidden`, `not_found` */
    async setRights(id: string, memberId: string, rights: Right[], person: Person): Promise<void> {
      const member = listed(await own(id, person), memberId);
      const about = `${member.name}: ${rights.join(', ')}`;
      await acts.during({ live: id, act: 'crew_changed', about }, person, async () => {
        const changed = await store.setRights(id, memberId, rights);
        if (!changed) throw new AppError('not_found');
        bus.tell('desk.changed', { live: changed });
      });
    },

    /** At once: the next thing they try is refused, and their console closes. @throws AppError `forbidden`, `not_found` */
    async remove(id: string, memberId: string, person: Person): Promise<void> {
      const member = listed(await own(id, person), memberId);
      await acts.during({ live: id, act: 'crew_removed', about: member.name }, person, async () => {
        const changed = await store.remove(id, member);
        if (!changed) throw new AppError('not_found');
        bus.tell('crew.left', { live: id, person: member.person });
        bus.tell('desk.changed', { live: changed });
      });
    },

    /** Lives in which somebody helps. */
    ofMember: (person: Person) => store.ofMember(person.id, 50),
  };
}
