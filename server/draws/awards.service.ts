import { mustBeSignedIn, type Accounts, type Person, type PostalAddress } from '../accounts/index.ts';
import { maskName, type Prizes } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { DEFAULT_LANG } from '../platform/lang.ts';
import { isMailAddress, type NewMail, type Outbox } from '../platform/mail/index.ts';
import type { AwardDoc, DrawDoc } from './draws.model.ts';
import { holdRef, places } from './draws.rules.ts';
import './draws.facts.ts';
import type { DrawStore } from './draws.store.ts';

export type Award = AwardDoc;
export type Awards = ReturnType<typeof createAwards>;

const HOUR_MS = 3_600_000;

/** What became of the winners: told, waited for, given their prize, or the prize goes back on sale. */
export function createAwards(deps: {
  store: DrawStore;
  prizes: Prizes;
  accounts: Accounts;
  outbox: Outbox;
  bus: Bus;
  clock: Clock;
}) {
  const { store, prizes, bus, clock } = deps;

  async function awardsFor(draw: DrawDoc): Promise<AwardDoc[]> {
    const winners = draw.drawn?.winners ?? [];
    const entries = await store.entriesOf(winners.map(({ entrant }) => `${draw._id}:${entrant}`));
    const people = await deps.accounts.byIds(entries.map(({ person }) => person));
    const at = draw.drawn?.at ?? clock.now();
    return winners.flatMap(({ rank, prize, entrant }) => {
      const entry = entries.find((one) => one.entrant === entrant);
      if (!entry) return [];
      const name = people.find(({ id }) => id === entry.person)?.name ?? '';
      return {
        _id: `${draw._id}:${rank}`,
        draw: draw._id,
        live: draw.live,
        rank,
        prize,
        order: draw.holds[rank - 1] ?? '',
        entrant,
        person: entry.person,
        name: maskName(name),
        state: 'waiting' as const,
        until: new Date(at.getTime() + draw.claimHours * HOUR_MS),
        at,
        endedAt: null,
      };
    });
  }

  async function write(awards: readonly AwardDoc[]) {
    const logins = await deps.accounts.loginsOf(awards.map(({ person }) => person));
    const mails = awards.flatMap(({ draw, rank, person }): NewMail[] => {
      const to = logins.get(person);
      if (to === undefined || !isMailAddress(to)) return [];
      const about = { kind: 'draw_won', draw, rank: String(rank) };
      return [{ _id: `draw:${draw}:${rank}`, to, lang: DEFAULT_LANG, about }];
    });
    await deps.outbox.queue(mails);
  }

  async function lapse(award: AwardDoc): Promise<void> {
    const end = await prizes.free(holdRef(award.draw, award.rank), award.order);
    await store.endAward(award._id, end === 'given' ? 'claimed' : 'lapsed', clock.now());
  }

  return {
    of: (draw: string) => store.awardsOf(draw),
    ofPerson: (draw: string, person: Person) => store.awardsOfPeople(draw, person.ids),
    wonBy: (person: Person) => store.wonBy(person.id, 50),
    byRank: (draw: string, rank: number) => store.awardById(`${draw}:${rank}`),

    /** Writes down what the winners of a draw get, and gives back what nobody won. Twice is once. */
    async award(draw: DrawDoc): Promise<void> {
      const awards = await awardsFor(draw);
      await store.addAwards(awards);
      await write(awards);
      for (let rank = awards.length + 1; rank <= places(draw.prizes); rank += 1) {
        await prizes.free(holdRef(draw._id, rank), draw.holds[rank - 1] ?? '');
      }
      if (!(await store.setAwarded(draw._id, clock.now()))) return;
      for (const { draw: id, live, person, rank } of awards) {
        bus.tell('draw.won', { draw: id, live, person, rank });
      }
    },

    /**
     * The winner has said where it goes: the prize is an order of theirs. Saying it twice is saying it once.
     *
     * @returns the order's code
     * @throws AppError `not_found` for who has not won it, `expired` after the time
     */
    async claim(
      draw: string,
      to: { rank: number; address: PostalAddress; winner: Person | undefined },
    ): Promise<string> {
      const winner = mustBeSignedIn(to.winner);
      const award = await store.awardById(`${draw}:${to.rank}`);
      if (!award || !winner.ids.includes(award.person)) throw new AppError('not_found');
      if (award.state === 'lapsed') throw new AppError('expired');
      if (award.state === 'waiting' && award.until <= clock.now()) throw new AppError('expired');
      const order = await prizes.give(holdRef(draw, to.rank), award.order, { winner, address: to.address });
      await store.endAward(award._id, 'claimed', clock.now());
      return order._id;
    },

    /** Ends what nobody claimed in time. Safe to run twice and on two nodes at once. */
    async lapseOverdue(): Promise<void> {
      for (const award of await store.overdueAwards(clock.now())) await lapse(award);
    },
  };
}
