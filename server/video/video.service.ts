import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Clock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import type { Log } from '../platform/log.ts';
import type {
  BusFigures,
  BusSettings,
  ClaimVerdict,
  Held,
  KeepAnswer,
  KeepQuestion,
  Purpose,
} from './bus.rules.ts';
import type { Comer, EncoderFault, Gate, Grant, WhipAnswer } from './encoders/index.ts';
import type { LeaseStore } from './leases.store.ts';
import { openLine, type LineToProcess } from './line.service.ts';
import type { Recordings } from './recordings.service.ts';

export type LiveState = 'scheduled' | 'live' | 'ended' | undefined;
export type Video = ReturnType<typeof createVideo>;

/** A process that says nothing for so long no longer has its lives. */
const LEASE_MS = 6_000;
/** The environment that the process gets: what it needs to run, and none of the shop's secrets. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'NODE_ENV'];
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 10_000;
const CLOSE_MS = 5_000;
/** A busy machine takes its time to load a process. */
const START_MS = 60_000;
const ROOM_EVERY_MS = 5_000;

interface Running {
  child: ChildProcess;
  line: LineToProcess;
  ready: Promise<{ rtmpPort: number | undefined }>;
}

/**
 * The shop's side of the process with the bus: starts it when it is first needed, starts it again when it dies, hands
 * connections over to it, and answers what it asks of the database.
 */
export function createVideo(deps: {
  settings: BusSettings;
  leases: LeaseStore;
  recordings: Recordings;
  gate: Gate;
  clock: Clock;
  log: Log;
  /** Where other processes of the shop reach this one. */
  address: () => string;
  stateOf: (live: string) => Promise<LiveState>;
}) {
  const { settings, leases, recordings, gate, clock, log, address } = deps;
  const node = newId();
  let running: Running | undefined;
  let closed = false;
  let startedAt = 0;
  let retryMs = FIRST_RETRY_MS;
  let figures: BusFigures = { viewers: 0, lives: 0, sentBytes: 0, skipped: 0, dropped: 0 };
  let disk = { room: Infinity, used: 0, budget: 0 };
  let diskAt = 0;
  let failing = false;

  const leaseUntil = () => new Date(clock.now().getTime() + LEASE_MS);

  async function claim({ live }: { live: string }): Promise<ClaimVerdict> {
    const state = await deps.stateOf(live);
    if (state === undefined || state === 'ended') return { ok: false, reason: 'over' };
    await leases.take({ _id: live, node, address: address(), until: leaseUntil() });
    return { ok: true, recording: state === 'live' ? await recordings.begin(live) : null };
  }

  async function roomNow(): Promise<number> {
    if (clock.now().getTime() - diskAt >= ROOM_EVERY_MS) {
      disk = await recordings.room();
      diskAt = clock.now().getTime();
    }
    return disk.room;
  }

  async function keep({ held, waiting, figures: told }: KeepQuestion): Promise<KeepAnswer> {
    figures = told;
    failing = held.some(({ recording }) => recording?.failing);
    const mine = await leases.renew(
      held.map(({ live }) => live),
      node,
      leaseUntil(),
    );
    const ended: KeepAnswer['ended'] = [];
    const record: KeepAnswer['record'] = [];
    for (const one of held) {
      const verdict = await look(one, mine.has(one.live));
      if (verdict.reason) ended.push({ live: one.live, reason: verdict.reason });
      if (verdict.recording) record.push({ live: one.live, recording: verdict.recording });
    }
    await leases.free(
      ended.map(({ live }) => live),
      node,
    );
    const elsewhere = (await leases.held(waiting, clock.now())).filter((lease) => lease.node !== node);
    return { ended, record, elsewhere: elsewhere.map(({ _id }) => _id), room: await roomNow() };
  }

  async function look(
    { live, recording }: Held,
    isMine: boolean,
  ): Promise<{ reason?: string; recording?: string }> {
    if (recording) await recordings.grow(recording.id, recording);
    const state = await deps.stateOf(live);
    if (state === undefined || state === 'ended') return { reason: 'over' };
    if (!isMine) return { reason: 'taken_over' };
    return state === 'live' && !recording ? { recording: await recordings.begin(live) } : {};
  }

  const answers = {
    claim,
    keep,
    recorded: ({
      recording,
      ...grown
    }: {
      recording: string;
      bytes: number;
      durationMs: number;
      segments: number;
    }) =>
      recordings.end(recording, {
        bytes: grown.bytes,
        durationMs: grown.durationMs,
        segments: grown.segments,
      }),
    'gate.admit': (comer: Comer) => gate.admit(comer),
    'gate.hold': ({ grant, heard }: { grant: Grant; heard: boolean }) => gate.hold(grant, heard),
    'gate.leave': ({ grant, fault }: { grant: Grant; fault?: EncoderFault }) => gate.leave(grant, fault),
  };

  function start(): Running {
    startedAt = Date.now();
    const child = forkBus();
    const line = openLine(
      {
        send: (message, handle) => {
          if (child.connected) child.send(message, handle as Socket | undefined, {}, () => {});
        },
        onMessage: (listener) => child.on('message', listener),
      },
      answers,
    );
    const ready = line.ask<{ rtmpPort: number | undefined }>('open', settings, {
      patienceMs: START_MS,
    });
    ready.catch((error: unknown) => {
      log.error({ err: error }, 'the video process did not start');
      child.kill('SIGKILL');
    });
    child.on('error', (error) => log.error({ err: error }, 'the video process could not be told'));
    child.once('exit', (code, signal) => {
      line.cut();
      if (running?.child === child) running = undefined;
      if (closed) return;
      log.error({ code, signal }, 'the video process has died; it is started again');
      if (Date.now() - startedAt > LONGEST_RETRY_MS) retryMs = FIRST_RETRY_MS;
      setTimeout(() => void (closed || running || (running = start())), retryMs).unref();
      retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
    });
    return { child, line, ready };
  }

  function bus(): Running {
    if (closed) throw new Error('the shop is closing');
    running ??= start();
    return running;
  }

  return {
    /** Encoders may come from the beginning on: whoever listens for them must not wait for a first viewer. */
    open: async () => (settings.rtmpPort === undefined ? undefined : (await bus().ready).rtmpPort),

    /** Gives a connection away. @param head the request that was read from it, and what came after it */
    handOver(socket: Socket, purpose: Purpose, head: Buffer) {
      if (closed) return void socket.destroy();
      const { line } = bus();
      line
        .ask('take', { purpose, head: head.toString('base64') }, { handle: socket })
        .catch((error: unknown) => {
          log.warn({ err: error }, 'a connection was lost on its way');
          // One that never left is nobody's else.
          socket.destroy();
        });
    },

    /** The other process that has this live's bus; undefined when it is here or nowhere. */
    async elsewhere(live: string): Promise<{ host: string; port: number } | undefined> {
      const lease = await leases.of(live, clock.now());
      return lease && lease.node !== node && lease.address !== address() ? placeOf(lease.address) : undefined;
    },
    placeOf,

    /** For WebRTC publishers, whose offers come by HTTP. */
    whip: {
      open: async (sdp: string, comer: Omit<Comer, 'via'>): Promise<WhipAnswer> =>
        bus().line.ask<WhipAnswer>('whip.open', { sdp, comer }),
      close: async (live: string, session: string): Promise<boolean> =>
        bus().line.ask<boolean>('whip.close', { live, session }),
    },

    /** A live is over: whoever publishes it is told at once, not at the next turn. */
    async over(live: string) {
      await running?.line.ask('end', { live, reason: 'over' }).catch(() => {});
    },

    figures: () => ({ ...figures, ...disk, failing: failing ? 1 : 0, running: running ? 1 : 0 }),
    /** For tests of what happens when it dies. */
    pid: () => running?.child.pid,

    async close() {
      closed = true;
      const child = running?.child;
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      running?.line.ask('close', {}).catch(() => {});
      const late = setTimeout(() => child.kill('SIGKILL'), CLOSE_MS);
      await gone;
      clearTimeout(late);
    },
  };
}

function placeOf(address: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(port || (protocol === 'https:' ? 443 : 80)) };
}

/** Beside this file lies the process's entry, compiled or as source; source needs a loader to run. */
function forkBus(): ChildProcess {
  const fromSource = import.meta.url.endsWith('.ts');
  const entry = new URL(fromSource ? './bus.sockets.ts' : './bus.sockets.js', import.meta.url);
  const loader = fromSource
    ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
    : [];
  return fork(fileURLToPath(entry), [], {
    execArgv: loader,
    env: Object.fromEntries(PASSED_ON.map((name) => [name, process.env[name]])),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}
