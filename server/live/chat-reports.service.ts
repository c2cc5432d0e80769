import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newCode } from '../platform/ids.ts';
import type { Acts } from './acts.service.ts';
import './desk.facts.ts';
import { mustDo } from './live.policy.ts';
import type { Lives } from './live.service.ts';
import type { ReportDoc } from './moderation.model.ts';
import type { ReportCommand } from './moderation.schema.ts';
import type { ModerationStore } from './moderation.store.ts';

export type ChatReports = ReturnType<typeof createChatReports>;

const QUEUE = 100;

/** What viewers report: a queue for the moderators of the live, and for admins over all lives. */
export function createChatReports(deps: {
  store: ModerationStore;
  lives: Lives;
  acts: Acts;
  bus: Bus;
  clock: Clock;
}) {
  const { store, lives, acts, bus, clock } = deps;
  return {
    /** Twice is once. @throws AppError `not_found` */
    async report({ liveId, messageId, reason }: ReportCommand, person: Person): Promise<void> {
      const message = await store.message(liveId, messageId);
      if (!message || message.hidden) throw new AppError('not_found');
      const doc: ReportDoc = {
        _id: `${messageId}:${person.id}`,
        id: newCode(),
        live: liveId,
        message: messageId,
        person: message.person,
        name: message.name,
        text: message.text,
        reporter: person.id,
        reason,
        at: clock.now(),
        state: 'open',
        decided: null,
      };
      if (await store.insertReport(doc)) bus.tell('chat.reported', { report: doc });
    },

    /**
     * Decides a report; what is done about the message is done by itself.
     *
     * @throws AppError `forbidden`, `conflict` when somebody else has decided it
     */
    async decide(
      { liveId, reportId, state }: { liveId: string; reportId: string; state: 'upheld' | 'dismissed' },
      person: Person,
    ): Promise<void> {
      mustDo(await lives.byId(liveId), person, 'moderate');
      const act = state === 'upheld' ? ('report_upheld' as const) : ('report_dismissed' as const);
      await acts.during({ live: liveId, act, about: reportId }, person, async () => {
        const decided = { by: person.id, at: clock.now() };
        if (!(await store.decide(reportId, liveId, { state, decided }))) throw new AppError('conflict');
      });
    },

    open: (liveId: string) => store.reportsOf(liveId, 'open', QUEUE),
    ofLive: (liveId: string) => store.reportsOf(liveId, undefined, QUEUE),
    /** Over all lives, for admins. */
    everywhere: () => store.reportsOf(undefined, 'open', QUEUE),
  };
}
