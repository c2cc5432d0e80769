import type { Server, Socket } from 'socket.io';
import { mustBeSomebody, type Person } from '../accounts/index.ts';
import { personRoom } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import { createCounter } from '../platform/http/index.ts';
import type { Log } from '../platform/log.ts';
import type { Answering } from '../platform/realtime/index.ts';
import type { Stock } from '../stock/index.ts';
import { answerCommand, answerRef, calloutCommand, questionRef } from './answers.schema.ts';
import type { Answers } from './answers.service.ts';
import { offerRelayCommand, relayRef } from './crew.schema.ts';
import {
  presentAnswer,
  presentDesk,
  presentHidden,
  presentLots,
  presentReport,
  presentRules,
  presentSanction,
  presentSelf,
} from './desk.view.ts';
import type { LiveDoc } from './live.model.ts';
import { mayDo, mayRun, mustBeOfHouse } from './live.policy.ts';
import { liveRef } from './live.schema.ts';
import type { Live, Lives } from './live.service.ts';
import { presentChat } from './live.view.ts';
import {
  chatRulesCommand,
  decideCommand,
  liftCommand,
  messageRef,
  removeCommand,
  sanctionCommand,
} from './moderation.schema.ts';
import type { Moderation } from './moderation.service.ts';
import type { Relay } from './relay.service.ts';
import type { ChatReports } from './chat-reports.service.ts';
import { liveRoom } from './room.sockets.ts';
import { hostRoom } from './till-roll.sockets.ts';

export interface DeskSocketDeps {
  io: Server;
  lives: Lives;
  moderation: Moderation;
  chatReports: ChatReports;
  relay: Relay;
  answers: Answers;
  stock: Stock;
  bus: Bus;
  log: Log;
  answering: Answering;
}

type DeskSocket = Socket & { data: { person: Person | undefined } };

/** Where the queues of the moderators are told of; the other assistants do not see what was held. */
const modRoom = (id: string) => `mod:${id}`;

/** Lots change with every order; consoles look at them this often, in ms. */
const LOTS_MS = 1_000;

/** The console's own wire: what the house does together in a live. */
export function deskSockets(deps: DeskSocketDeps) {
  const stopListening = [...tellConsoles(deps), ...tellRoom(deps)];
  const lots = watchLots(deps);
  const acts = createCounter({ windowMs: 10_000, max: 80 });

  const actor = ({ data }: DeskSocket) => {
    const found = mustBeSomebody(data.person);
    acts.take(found.id);
    return found;
  };
  answerArrival(deps, { actor, lots });
  answerHosting(deps, actor);
  answerModeration(deps, actor);

  return {
    close() {
      lots.close();
      for (const stop of stopListening) stop();
    },
  };
}

/** Who acts, where they do not act too fast. */
type Actor = (socket: DeskSocket) => Person;

function answerArrival(
  deps: DeskSocketDeps,
  { actor, lots }: { actor: Actor; lots: ReturnType<typeof watchLots> },
) {
  deps.answering.on('console:join', liveRef, async ({ liveId }, socket: DeskSocket) => {
    const person = actor(socket);
    const before = await deps.lives.byId(liveId);
    mustBeOfHouse(before, person);
    await socket.join(hostRoom(liveId));
    const moderates = mayDo(before, person, 'moderate');
    if (moderates) await socket.join(modRoom(liveId));
    const live = await deps.lives.byId(liveId);
    const questions = await deps.moderation.questions(liveId);
    return {
      desk: presentDesk(live),
      you: presentSelf(live, person, mayRun(live, person)),
      lots: await lots.of(live),
      questions: questions.reverse().map(({ _id, ...message }) => presentChat({ id: _id, ...message })),
      ...(moderates ? await queues(deps, liveId) : { held: [], reports: [], sanctions: [] }),
    };
  });
}

async function queues({ moderation, chatReports }: DeskSocketDeps, liveId: string) {
  const [held, open, sanctions] = await Promise.all([
    moderation.held(liveId),
    chatReports.open(liveId),
    moderation.sanctionsOf(liveId),
  ]);
  return {
    held: held.map(presentHidden),
    reports: open.map(presentReport),
    sanctions: sanctions.map(presentSanction),
  };
}

function answerHosting(deps: DeskSocketDeps, actor: Actor) {
  const { answering, answers, relay } = deps;
  answering.on('host:answer', answerCommand, async (command, socket: DeskSocket) => {
    await answers.pin(command, actor(socket));
    return {};
  });
  answering.on('host:answer:remove', answerRef, async ({ liveId, answerId }, socket: DeskSocket) => {
    await answers.unpin(liveId, answerId, actor(socket));
    return {};
  });
  answering.on('host:question:done', questionRef, async ({ liveId, messageId }, socket: DeskSocket) => {
    await answers.settle(liveId, messageId, actor(socket));
    return {};
  });
  answering.on('host:callout', calloutCommand, ({ liveId, sku }, socket: DeskSocket) =>
    answers.callOut(liveId, sku, actor(socket)),
  );
  answering.on('host:relay:offer', offerRelayCommand, ({ liveId, to }, socket: DeskSocket) =>
    relay.offer(liveId, to, actor(socket)),
  );
  answering.on('host:relay:cancel', relayRef, async ({ liveId, handoverId }, socket: DeskSocket) => {
    await relay.withdraw(liveId, handoverId, actor(socket));
    return {};
  });
  answering.on('host:relay:accept', relayRef, async ({ liveId, handoverId }, socket: DeskSocket) => {
    await relay.accept(liveId, handoverId, actor(socket));
    return {};
  });
}

function answerModeration(deps: DeskSocketDeps, actor: Actor) {
  const { answering, moderation, chatReports } = deps;
  /** What one moderator did is on the others' screens at once. */
  const told = async (liveId: string) => {
    deps.io.to(modRoom(liveId)).emit('mod:changed', { liveId, ...(await queues(deps, liveId)) });
  };
  answering.on('mod:delete', removeCommand, async ({ liveId, messageId, why }, socket: DeskSocket) => {
    await moderation.remove(liveId, { messageId, why }, actor(socket));
    await told(liveId);
    return {};
  });
  answering.on('mod:restore', messageRef, async ({ liveId, messageId }, socket: DeskSocket) => {
    await moderation.restore(liveId, messageId, actor(socket));
    await told(liveId);
    return {};
  });
  answering.on('mod:sanction', sanctionCommand, async (command, socket: DeskSocket) => {
    const { id } = await moderation.sanction(command, actor(socket));
    await told(command.liveId);
    return { sanctionId: id };
  });
  answering.on('mod:lift', liftCommand, async ({ liveId, sanctionId }, socket: DeskSocket) => {
    await moderation.lift(liveId, sanctionId, actor(socket));
    await told(liveId);
    return {};
  });
  answering.on('mod:rules', chatRulesCommand, async (command, socket: DeskSocket) => {
    await moderation.setRules(command, actor(socket));
    return {};
  });
  answering.on('mod:decide', decideCommand, async (command, socket: DeskSocket) => {
    await chatReports.decide(command, actor(socket));
    await told(command.liveId);
    return {};
  });
}

function tellConsoles({ io, bus }: DeskSocketDeps) {
  return [
    bus.on('desk.changed', ({ live }) => {
      io.to(hostRoom(live._id)).emit('console:changed', presentDesk(live));
    }),
    bus.on('live.marked', ({ live, mark }) => {
      io.to(hostRoom(live._id)).emit('console:changed', presentDesk(live, mark));
    }),
    bus.on('house.acted', ({ id, live, at, byName, act, about }) => {
      const entry = { id, who: byName, act, about, at: at.toISOString() };
      io.to(hostRoom(live)).emit('console:acted', { liveId: live, act: entry });
    }),
    bus.on('question.done', ({ live, message, by }) => {
      io.to(hostRoom(live)).emit('console:question', { liveId: live, messageId: message, by });
    }),
    bus.on('chat.held', ({ message }) => {
      io.to(modRoom(message.live)).emit('mod:held', {
        liveId: message.live,
        message: presentHidden(message),
      });
    }),
    bus.on('chat.reported', ({ report }) => {
      io.to(modRoom(report.live)).emit('mod:reported', {
        liveId: report.live,
        report: presentReport(report),
      });
    }),
    bus.on('crew.left', ({ live, person }) => {
      io.to(personRoom(person)).emit('console:closed', { liveId: live });
      io.in(personRoom(person)).socketsLeave([hostRoom(live), modRoom(live)]);
    }),
    bus.on('relay.moved', ({ live, from, name }) => {
      io.to(personRoom(from)).emit('relay:moved', { liveId: live, name });
    }),
  ];
}

function tellRoom({ io, bus }: DeskSocketDeps) {
  /** What the room was told last, so that it hears of changes only. */
  const told = new Map<string, { answer: string | null; rules: string }>();
  const forget = bus.on('live.moved', ({ live, state }) => void (state === 'ended' && told.delete(live)));
  return [
    forget,
    bus.on('desk.changed', ({ live }) => tell(live)),
    bus.on('stock.calledOut', ({ live, sku, left }) => {
      io.to(liveRoom(live)).emit('callout:made', { liveId: live, sku, left });
    }),
  ];

  function tell(live: LiveDoc) {
    const { slowSeconds, audience } = presentRules(live);
    const now = { answer: live.answer?.id ?? null, rules: `${slowSeconds} ${audience}` };
    const before = told.get(live._id);
    told.set(live._id, now);
    const room = io.to(liveRoom(live._id));
    if (before?.rules !== now.rules) room.emit('chat:rules', { liveId: live._id, slowSeconds, audience });
    if (before?.answer === now.answer) return;
    if (live.answer) room.emit('answer:pinned', { liveId: live._id, answer: presentAnswer(live.answer) });
    else room.emit('answer:unpinned', { liveId: live._id });
  }
}

/** The lots behind a rail, told to consoles when orders or the cooperative have moved them. */
function watchLots({ io, lives, stock, bus, log }: DeskSocketDeps) {
  const rails = new Map<string, readonly string[]>();
  const moved = new Set<string>();
  const stop = bus.on('stock.changed', ({ skus }) => skus.forEach((sku) => moved.add(sku)));
  const edited = bus.on('live.edited', ({ live }) => {
    if (rails.has(live._id)) rails.set(live._id, live.rail);
  });
  const over = bus.on('live.moved', ({ live, state }) => void (state === 'ended' && rails.delete(live)));

  async function of(live: Pick<Live, '_id' | 'rail'>) {
    rails.set(live._id, live.rail);
    const found = await stock.sellingNext(live.rail);
    return presentLots(new Map(live.rail.map((sku) => [sku, found.get(sku) ?? []])));
  }

  async function look() {
    const skus = new Set(moved);
    moved.clear();
    for (const [liveId, rail] of rails) {
      if (io.sockets.adapter.rooms.get(hostRoom(liveId)) === undefined) rails.delete(liveId);
      else if (rail.some((sku) => skus.has(sku))) {
        const news = { liveId, lots: await of(await lives.byId(liveId)) };
        io.local.to(hostRoom(liveId)).emit('console:lots', news);
      }
    }
  }

  const timer = setInterval(() => {
    if (moved.size > 0) look().catch((err: unknown) => log.error({ err }, 'lots could not be told'));
  }, LOTS_MS);
  timer.unref();
  return {
    of,
    close() {
      clearInterval(timer);
      stop();
      edited();
      over();
    },
  };
}
