import type { Person } from '../accounts/index.ts';
import type { Bus } from '../platform/bus.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Stock } from '../stock/index.ts';
import type { Acts } from './acts.service.ts';
import { mayCallOut } from './answers.rules.ts';
import type { AnswerCommand } from './answers.schema.ts';
import type { AnswerStore } from './answers.store.ts';
import './desk.facts.ts';
import { mustDo } from './live.policy.ts';
import type { Lives } from './live.service.ts';
import type { ModerationStore } from './moderation.store.ts';

export type Answers = ReturnType<typeof createAnswers>;

export interface AnswerDeps {
  store: AnswerStore;
  chat: ModerationStore;
  lives: Lives;
  stock: Stock;
  acts: Acts;
  bus: Bus;
  clock: Clock;
}

/** What the house says to everybody: answers above the chat, and "last twenty!" when it is so. */
export function createAnswers({ store, chat, lives, stock, acts, bus, clock }: AnswerDeps) {
  return {
    /** Pins an answer in place of the one before; its question is dealt with. @throws AppError `forbidden`, `not_found`, `live_not_running` */
    async pin(command: AnswerCommand, person: Person): Promise<void> {
      const { liveId, messageId, text } = command;
      mustDo(await lives.byId(liveId), person, 'answer');
      const asked = messageId === undefined ? null : await chat.message(liveId, messageId);
      if (messageId !== undefined && (!asked || asked.hidden)) throw new AppError('not_found');
      const answer = {
        ...{ id: newId(), message: messageId ?? null, asker: asked?.name ?? null },
        ...{ question: asked?.text ?? null, text, by: person.id, at: clock.now() },
      };
      await acts.during({ live: liveId, act: 'answered', about: text }, person, async () => {
        const changed = await store.put(liveId, answer);
        if (!changed) throw new AppError('live_not_running');
        bus.tell('desk.changed', { live: changed });
        if (messageId === undefined) return;
        await chat.answered(messageId, { by: person.id, at: answer.at });
        bus.tell('question.done', { live: liveId, message: messageId, by: person.name });
      });
    },

    /** @throws AppError `forbidden`, `conflict` when there is another by now */
    async unpin(liveId: string, answerId: string, person: Person): Promise<void> {
      mustDo(await lives.byId(liveId), person, 'answer');
      await acts.during({ live: liveId, act: 'answer_removed' }, person, async () => {
        const changed = await store.take(liveId, answerId);
        if (!changed) throw new AppError('conflict');
        bus.tell('desk.changed', { live: changed });
      });
    },

    /** Answered aloud, or by somebody in the chat. @throws AppError `forbidden`, `conflict` when somebody else has it */
    async settle(liveId: string, messageId: string, person: Person): Promise<void> {
      mustDo(await lives.byId(liveId), person, 'answer');
      const message = await chat.message(liveId, messageId);
      if (!message) throw new AppError('not_found');
      await acts.during({ live: liveId, act: 'question_done', about: message.text }, person, async () => {
        const done = await chat.answered(messageId, { by: person.id, at: clock.now() });
        if (!done) throw new AppError('conflict');
        bus.tell('question.done', { live: liveId, message: messageId, by: person.name });
      });
    },

    /**
     * Tells the room that few are left, after looking.
     *
     * @throws AppError `forbidden`, `live_not_running`, `not_found`, `conflict` when it is not so
     */
    async callOut(liveId: string, sku: string, person: Person): Promise<{ left: number }> {
      const live = await lives.byId(liveId);
      mustDo(live, person, 'stock');
      if (live.state !== 'live') throw new AppError('live_not_running');
      if (!live.rail.includes(sku)) throw new AppError('not_found');
      const left = (await stock.availability([sku])).get(sku) ?? 0;
      if (!mayCallOut(left)) throw new AppError('conflict');
      await acts.during(
        { live: liveId, act: 'called_out', about: `${sku}: ${left}` },
        person,
        async () => {},
      );
      bus.tell('stock.calledOut', { live: liveId, sku, left });
      return { left };
    },
  };
}
