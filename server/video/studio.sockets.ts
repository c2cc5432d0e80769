import { join } from 'node:path';
import type { WebSocket } from 'ws';
import type { Log } from '../platform/log.ts';
import type { ClaimVerdict, Held, KeepAnswer, KeepQuestion } from './bus.rules.ts';
import type { Wait } from './hls.service.ts';
import type { OpenIngest } from './ingest.rules.ts';
import type { LineToProcess } from './line.service.ts';
import { createProgram, type Program } from './program.service.ts';
import { createRecorder, type Recorder } from './recorder.service.ts';
import type { Segment } from './segments.rules.ts';
import { createViewers, type Viewers } from './viewers.sockets.ts';
import { CLOSE, type Choice } from './watch.events.ts';

/** Segments that wait for the shop to say where they are kept. */
const MAX_UNPLACED = 5;
/** Questions for what is not there yet, of one live. */
const MAX_WAITING = 20_000;

interface OnAir {
  program: Program;
  viewers: Viewers;
  waiters: Set<() => void>;
  /** Whether this process holds the live's bus; undefined while it asks. */
  claim: 'none' | 'asked' | 'held';
  recorder: Recorder | undefined;
  unplaced: Segment[];
  wasPublishing: boolean;
}

export type Studio = ReturnType<typeof createStudio>;

/** All lives that go through this process. */
export function createStudio(deps: { line: LineToProcess; log: Log; folder: string }) {
  const { line, log, folder } = deps;
  const lives = new Map<string, OnAir>();
  const counters = { bytes: 0, skipped: 0 };
  let droppedBefore = 0;
  let room = Infinity;

  const roomFor = (bytes: number) => {
    if (bytes > room) return false;
    room -= bytes;
    return true;
  };

  function open(live: string): OnAir {
    const found = lives.get(live);
    if (found) return found;
    const waiters = new Set<() => void>();
    const program = createProgram({
      live,
      now: () => Date.now(),
      keep: (segment) => {
        if (one.recorder) one.recorder.keep(segment);
        else if (one.unplaced.length < MAX_UNPLACED) one.unplaced.push(segment);
      },
      moved: () => {
        for (const look of waiters) look();
        if (one.wasPublishing && !program.onAir()) one.viewers.off();
        one.wasPublishing = program.onAir();
        if (one.wasPublishing) one.viewers.offer();
      },
    });
    const viewers = createViewers(program, counters);
    const one: OnAir = {
      ...{ program, viewers, waiters, claim: 'none' as const },
      ...{ recorder: undefined, unplaced: [], wasPublishing: false },
    };
    lives.set(live, one);
    return one;
  }

  async function claim(live: string) {
    const one = open(live);
    one.claim = 'asked';
    const verdict = await line.ask<ClaimVerdict>('claim', { live });
    if (lives.get(live) !== one) return;
    if (!verdict.ok) return drop(live, verdict.reason);
    one.claim = 'held';
    if (verdict.recording) record(live, verdict.recording);
    else one.unplaced = [];
  }

  function record(live: string, recording: string) {
    const one = lives.get(live);
    if (!one || one.recorder) return;
    one.recorder = createRecorder({ recording, folder: join(folder, live, recording), room: roomFor, log });
    for (const segment of one.unplaced.splice(0)) one.recorder.keep(segment);
  }

  /** The live's program, to be published to: this process asks for its bus. */
  function onAir(live: string): Program {
    const one = open(live);
    if (one.claim === 'none') {
      claim(live).catch((error: unknown) => {
        log.error({ err: error, live }, 'the live could not be claimed');
        void drop(live, 'unavailable');
      });
    }
    return one.program;
  }

  function drop(live: string, reason: string): Promise<void> {
    const one = lives.get(live);
    if (!one) return Promise.resolve();
    lives.delete(live);
    const { program, viewers, recorder, waiters } = one;
    droppedBefore += program.dropped();
    program.end(reason);
    viewers.close(reason === 'over' ? CLOSE.over : CLOSE.moved, reason);
    for (const look of waiters) look();
    return finish(live, recorder);
  }

  async function finish(live: string, recorder: Recorder | undefined) {
    if (!recorder) return;
    await recorder.close();
    const { recording } = recorder;
    await line.ask('recorded', { live, recording, ...recorder.state() }).catch((error: unknown) => {
      // Whoever looks after recordings finds it by its index.
      log.warn({ err: error, recording }, 'the end of a recording was not told');
    });
  }

  const openIngest: OpenIngest = ({ live, ...publisher }) => onAir(live).open(publisher);

  return {
    openIngest,
    onAir,
    known: (live: string) => lives.get(live)?.program,
    watch(live: string, socket: WebSocket, wish: { choice: Choice; narrow: number }) {
      open(live).viewers.add(socket, wish);
    },
    figuresOf(live: string) {
      const one = lives.get(live);
      const state = one?.recorder?.state();
      // Before the shop has said where, nothing is wrong yet.
      const recording = state ? !state.failing : one?.claim !== 'held';
      return { viewers: one?.viewers.count() ?? 0, recording };
    },
    served: (bytes: number) => void (counters.bytes += bytes),
    wait:
      (live: string): Wait =>
      (ready, ms) =>
        new Promise((resolve) => {
          const waiters = lives.get(live)?.waiters;
          if (!waiters || ready() || waiters.size >= MAX_WAITING) return resolve(ready());
          const done = () => {
            clearTimeout(late);
            waiters.delete(look);
            resolve(ready());
          };
          const look = () => void ((ready() || !lives.has(live)) && done());
          const late = setTimeout(done, ms);
          waiters.add(look);
        }),
    end: drop,

    report(): KeepQuestion {
      const held: Held[] = [];
      const waiting: string[] = [];
      for (const [live, { program, viewers, claim: state, recorder }] of lives) {
        const recording = recorder ? { id: recorder.recording, ...recorder.state() } : null;
        if (state === 'held') held.push({ live, publishing: program.onAir(), recording });
        // The shop has not taken its lease yet: asked now, it would say that the live is another's.
        else if (state === 'asked') continue;
        else if (viewers.count() > 0) waiting.push(live);
        else void drop(live, 'unwatched');
      }
      const all = [...lives.values()];
      const figures = {
        viewers: all.reduce((sum, { viewers }) => sum + viewers.count(), 0),
        lives: all.filter(({ program }) => program.onAir()).length,
        sentBytes: counters.bytes,
        skipped: counters.skipped,
        dropped: all.reduce((sum, { program }) => sum + program.dropped(), droppedBefore),
      };
      return { held, waiting, figures };
    },
    heard(verdict: KeepAnswer) {
      room = verdict.room;
      // One that has come anew since it was reported is not the one that ended.
      for (const { live, reason } of verdict.ended)
        if (lives.get(live)?.claim === 'held') void drop(live, reason);
      for (const live of verdict.elsewhere) if (lives.get(live)?.claim === 'none') void drop(live, 'moved');
      for (const { live, recording } of verdict.record) record(live, recording);
    },
    async close() {
      await Promise.all([...lives.keys()].map((live) => drop(live, 'stopping')));
    },
  };
}
