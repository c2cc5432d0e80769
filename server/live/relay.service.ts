import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Acts } from './acts.service.ts';
import { actingHost, memberOf, turnsAfter, type Turn } from './crew.rules.ts';
import type { CrewStore } from './crew.store.ts';
import './desk.facts.ts';
import { mayDo, mustRun } from './live.policy.ts';
import type { Live, Lives } from './live.service.ts';

export type Relay = ReturnType<typeof createRelay>;

/**
 * Hosts taking turns. Only who is on air changes: what lies on the table, offers, script and chat rules belong to the
 * live and stay, and the room notices nothing.
 */
export function createRelay(deps: { store: CrewStore; lives: Lives; acts: Acts; bus: Bus; clock: Clock }) {
  const { store, lives, acts, bus, clock } = deps;

  /** @throws AppError `not_found`, `conflict` for whoever is on air already, `forbidden` without the right */
  function receiver(live: Live, to: string | undefined): { id: string; name: string } | null {
    if (to === undefined) return null;
    if (to === 'owner') {
      if (actingHost(live) === live.host) throw new AppError('conflict');
      return { id: live.host, name: live.hostName };
    }
    const member = live.crew?.find(({ id }) => id === to);
    if (!member) throw new AppError('not_found');
    if (!member.rights.includes('relay')) throw new AppError('forbidden');
    if (member.person === actingHost(live)) throw new AppError('conflict');
    return { id: member.person, name: member.name };
  }

  return {
    /**
     * Offers the live to the next host, or to whoever may take over and is first.
     *
     * @throws AppError `forbidden` for all but the acting host, the owner and admins, `live_not_running`, `conflict`
     */
    async offer(liveId: string, to: string | undefined, person: Person): Promise<{ handoverId: string }> {
      const live = await lives.byId(liveId);
      mustRun(live, person);
      if (live.state !== 'live') throw new AppError('live_not_running');
      const next = receiver(live, to);
      const handover = {
        ...{ id: newId(), to: next?.id ?? null, toName: next?.name ?? null },
        ...{ by: person.id, byName: person.name, at: clock.now() },
      };
      await acts.during({ live: liveId, act: 'relay_offered', about: next?.name ?? '' }, person, async () => {
        const changed = await store.offer(liveId, handover);
        if (!changed) throw new AppError('conflict');
        bus.tell('desk.changed', { live: changed });
      });
      return { handoverId: handover.id };
    },

    /** @throws AppError `forbidden`, `conflict` when it is accepted or withdrawn already */
    async withdraw(liveId: string, handoverId: string, person: Person): Promise<void> {
      mustRun(await lives.byId(liveId), person);
      await acts.during({ live: liveId, act: 'relay_cancelled' }, person, async () => {
        const changed = await store.withdraw(liveId, handoverId);
        if (!changed) throw new AppError('conflict');
        bus.tell('desk.changed', { live: changed });
      });
    },

    /**
     * Takes the live over: from this instant it is their turn, and what is sold counts for them.
     *
     * @throws AppError `forbidden` for whoever it was not offered to, `conflict` when somebody was quicker
     */
    async accept(liveId: string, handoverId: string, person: Person): Promise<void> {
      const live = await lives.byId(liveId);
      const { handover } = live;
      if (!handover || handover.id !== handoverId) throw new AppError('conflict');
      const may =
        mayDo(live, person, 'relay') && (handover.to === null || handover.to === person.id) && !person.guest;
      if (!may) throw new AppError('forbidden');
      const from = actingHost(live);
      if (from === person.id) throw new AppError('conflict');
      const turns = live.turns ?? [];
      const name = person.id === live.host ? live.hostName : (memberOf(live, person.id)?.name ?? person.name);
      const after = turnsAfter(turns, clock.now(), { host: person.id, name });
      await acts.during({ live: liveId, act: 'relay_accepted', about: name }, person, async () => {
        const changed = await store.accept(liveId, handoverId, { before: turns.length, after });
        if (!changed) throw new AppError('conflict');
        bus.tell('relay.moved', { live: liveId, from, to: person.id, name });
        bus.tell('desk.changed', { live: changed });
      });
    },

    /** Whose turn it was from when to when; empty before the live has begun. @throws AppError `not_found` */
    async of(liveId: string): Promise<Turn[]> {
      return (await lives.byId(liveId)).turns ?? [];
    },
  };
}
