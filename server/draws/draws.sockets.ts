import type { Server, Socket } from 'socket.io';
import { mustBeSomebody, type Person } from '../accounts/index.ts';
import { hostRoom, liveRoom, type Door } from '../live/index.ts';
import { personRoom } from '../orders/index.ts';
import type { Bus } from '../platform/bus.ts';
import { AppError } from '../platform/errors.ts';
import { createCounter } from '../platform/http/index.ts';
import type { Log } from '../platform/log.ts';
import type { Media } from '../platform/media/index.ts';
import type { Answering } from '../platform/realtime/index.ts';
import { createShared } from '../platform/shared.ts';
import type { Awards } from './awards.service.ts';
import { drawLiveRef, drawRef, openDrawCommand } from './draws.schema.ts';
import type { WireDraw } from './draws.events.ts';
import type { Draw, Draws } from './draws.service.ts';
import { presentDraw, presentStanding } from './draws.view.ts';
import type { Entries } from './entries.service.ts';

export interface DrawSocketDeps {
  io: Server;
  draws: Draws;
  drawEntries: Entries;
  drawAwards: Awards;
  byPurchase: boolean;
  door: Door;
  media: Media;
  bus: Bus;
  log: Log;
  answering: Answering;
}

type DrawSocket = Socket & { data: { person: Person | undefined } };

const TICK_MS = 500;
const SHARED_MS = 200;

/** How often this process asks which draws run: another process may have opened or moved one. */
const LOOK_MS = 1_000;

export function drawSockets(deps: DrawSocketDeps) {
  const { io, draws, drawEntries: entries, drawAwards: awards, bus, log, answering } = deps;
  const taps = createCounter({ windowMs: 10_000, max: 20 });
  const glances = createCounter({ windowMs: 10_000, max: 20 });
  /** A whole room looks when a draw opens: what all of them see is read once. */
  const seen = createShared<{ draw: Draw; shown: WireDraw } | undefined>({ gapMs: SHARED_MS });
  /** The draws that run, as this process saw them last, and how many it has told to be in each. */
  let known = new Map<string, Draw>();
  const told = new Map<string, number>();
  const touched = new Set<string>();

  async function view(draw: Draw) {
    const [entrants, won] = await Promise.all([
      draw.committed ? draw.committed.entrants : draws.countEntries(draw._id),
      draw.drawn ? awards.of(draw._id) : [],
    ]);
    return presentDraw(draw, { entrants, awards: won }, deps.media);
  }

  /** The draw of a live that is to be seen: the one that runs, else the last. */
  async function seenIn(liveId: string) {
    const draw = (await draws.runningIn(liveId)) ?? (await draws.latestIn(liveId));
    return draw && draw.state !== 'preparing' ? { draw, shown: await view(draw) } : undefined;
  }

  async function standing(draw: Draw, person: Person | undefined) {
    const mine = person && !person.guest ? await awards.ofPerson(draw._id, person) : [];
    return presentStanding(await entries.standing(draw, person), draw, mine);
  }

  async function tellMoved(draw: Draw) {
    const news = { liveId: draw.live, draw: await view(draw) };
    io.to([liveRoom(draw.live), hostRoom(draw.live)]).emit('draw:moved', news);
  }

  const stopListening = [
    bus.on('draw.moved', async ({ draw: id, state }) => {
      const draw = await draws.byId(id);
      if (draw.state === 'open') known.set(draw.live, draw);
      else if (known.get(draw.live)?._id === id) known.delete(draw.live);
      // Winners have names only once their awards are written; `draw.won` tells that.
      if (state !== 'preparing') await tellMoved(draw);
    }),
    bus.on('draw.entered', ({ draw, live, entries: fresh }) => {
      touched.add(draw);
      for (const { person, entrant } of fresh) {
        io.to(personRoom(person)).emit('draw:joined', { liveId: live, drawId: draw, entrant });
      }
    }),
    bus.on('draw.won', async ({ draw: id, live, person, rank }) => {
      const href = `/draws/${id}/prizes/${rank}`;
      io.to(personRoom(person)).emit('draw:won', { liveId: live, drawId: id, rank, href });
      if (rank === 1) await tellMoved(await draws.byId(id));
    }),
    bus.on('live.chatted', async ({ messages }) => {
      const lives = new Set(messages.map(({ live }) => live));
      for (const live of lives) {
        const draw = known.get(live);
        if (draw)
          await entries.heard(
            draw,
            messages.filter((message) => message.live === live),
          );
      }
    }),
    bus.on('live.moved', ({ live, state }) => (state === 'ended' ? draws.closeAllIn(live) : undefined)),
  ];

  async function tick() {
    const ids = [...touched];
    touched.clear();
    for (const draw of known.values()) {
      if (!ids.includes(draw._id)) continue;
      const entrants = await draws.countEntries(draw._id);
      if (told.get(draw._id) === entrants) continue;
      told.set(draw._id, entrants);
      const news = { liveId: draw.live, drawId: draw._id, entrants };
      io.to([liveRoom(draw.live), hostRoom(draw.live)]).emit('draw:pulse', news);
    }
  }

  async function look() {
    const open = (await draws.running()).filter(({ state }) => state === 'open');
    known = new Map(open.map((draw) => [draw.live, draw]));
    for (const id of told.keys()) if (!open.some((draw) => draw._id === id)) told.delete(id);
  }

  const report = (err: unknown) => log.error({ err }, 'draws could not be told');
  const timers = [
    setInterval(() => void tick().catch(report), TICK_MS),
    setInterval(() => void look().catch(report), LOOK_MS),
  ];
  for (const timer of timers) timer.unref();

  answering.on('draw:look', drawLiveRef, async ({ liveId }, { id, data }: DrawSocket) => {
    glances.take(data.person?.id ?? id);
    const { byPurchase } = deps;
    const found = await seen.of(liveId, () => seenIn(liveId));
    if (!found) return { draw: null, mine: null, byPurchase };
    return { draw: found.shown, mine: await standing(found.draw, data.person), byPurchase };
  });

  answering.on('draw:enter', drawRef, async ({ liveId, drawId }, socket: DrawSocket) => {
    const person = mustBeSomebody(socket.data.person);
    taps.take(person.id);
    await deps.door(liveId, socket);
    const draw = await draws.byId(drawId);
    if (draw.live !== liveId) throw new AppError('not_found');
    await entries.enter(draw, person);
    return { mine: await standing(draw, person) };
  });

  answering.on('host:draw:open', openDrawCommand, async (command, { data }: DrawSocket) => ({
    draw: await view(await draws.open(command, mustBeSomebody(data.person))),
  }));
  answering.on('host:draw:close', drawRef, async ({ liveId, drawId }, { data }: DrawSocket) => ({
    draw: await view(await draws.close(liveId, drawId, mustBeSomebody(data.person))),
  }));
  answering.on('host:draw:cancel', drawRef, async ({ liveId, drawId }, { data }: DrawSocket) => ({
    draw: await view(await draws.giveUp(liveId, drawId, mustBeSomebody(data.person))),
  }));

  return {
    close() {
      for (const timer of timers) clearInterval(timer);
      for (const stop of stopListening) stop();
    },
  };
}
