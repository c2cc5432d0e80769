import type { WebSocket } from 'ws';
import type { Program } from './program.service.ts';
import type { Fragment, RenditionName } from './rendition.rules.ts';
import { fromViewer } from './watch.schema.ts';
import { CLOSE, type Choice, type ToViewer } from './watch.events.ts';
import { createPace, type Pace } from './pace.rules.ts';

const CHECK_MS = 500;
/** Bytes kept for one viewer. By its own word everything arrives, but nothing leaves: it does not say the truth. */
const MOST_HELD = 16 * 1024 * 1024;

export interface Counters {
  bytes: number;
  /** Fragments that were not sent to somebody who was behind. */
  skipped: number;
}

interface Viewer {
  socket: WebSocket;
  choice: Choice;
  rendition: RenditionName | undefined;
  /** What this viewer's player was last told to begin with. */
  beginning: number;
  pace: Pace;
  /** Skips until the next key frame. */
  behind: boolean;
}

export type Viewers = ReturnType<typeof createViewers>;

/** All who watch one live from this process. Each has a pace of its own; nobody waits for anybody. */
export function createViewers(program: Program, counters: Counters) {
  const viewers = new Set<Viewer>();
  let told = '';

  function tell(viewer: Viewer, message: ToViewer) {
    viewer.socket.send(JSON.stringify(message));
  }

  function send(viewer: Viewer, bytes: Buffer, durationUs: number) {
    if (viewer.socket.bufferedAmount > MOST_HELD) return viewer.socket.terminate();
    viewer.socket.send(bytes);
    viewer.pace.sent(bytes.length, durationUs, performance.now());
    counters.bytes += bytes.length;
  }

  /** The best that was chosen, is there, and that the line carries. */
  function fitting({ choice, pace }: Viewer): RenditionName | undefined {
    const offered = program.offered();
    if (choice !== 'auto') return offered.includes(choice) ? choice : offered[0];
    return offered[Math.min(pace.step(performance.now()), offered.length - 1)];
  }

  /** @returns whether the viewer has what the rendition's fragments need */
  function begin(viewer: Viewer, name: RenditionName): boolean {
    const beginning = program.beginning(name);
    if (!beginning) return false;
    if (viewer.rendition === name && viewer.beginning === beginning.number) return true;
    viewer.rendition = name;
    viewer.beginning = beginning.number;
    viewer.behind = false;
    tell(viewer, {
      type: 'begin',
      mime: `${beginning.width > 0 ? 'video' : 'audio'}/mp4; codecs="${beginning.codecs}"`,
      rendition: name,
      offered: program.offered(),
      width: beginning.width,
      height: beginning.height,
    });
    send(viewer, beginning.bytes, 0);
    const since = program.sinceKey(name);
    for (const { bytes, durationUs } of since) send(viewer, bytes, durationUs);
    if (since.length === 0) program.wantKey();
    return true;
  }

  function deliver(viewer: Viewer, name: RenditionName, fragment: Fragment) {
    const wanted = fitting(viewer);
    // A change is made at a key frame of what is changed to, where the picture goes on without a gap.
    const changes = name === wanted && name !== viewer.rendition;
    if (changes && (fragment.key || viewer.rendition === undefined)) return void begin(viewer, name);
    if (name !== viewer.rendition) return;
    const fresh = viewer.beginning !== fragment.beginning.number;
    if (!begin(viewer, name) || fresh) return;
    const now = performance.now();
    if (!viewer.behind && viewer.pace.isBehind()) {
      viewer.behind = true;
      viewer.pace.stumbled(now);
    }
    if (viewer.behind && !(fragment.key && viewer.pace.hasCaughtUp())) {
      counters.skipped += 1;
      return;
    }
    viewer.behind = false;
    send(viewer, fragment.bytes, fragment.durationUs);
  }

  const stopListening = (['high', 'low', 'sound'] as const).map((name) =>
    program.listen(name, (fragment) => {
      for (const viewer of viewers) deliver(viewer, name, fragment);
    }),
  );

  /** Who has not taken anything for long is let go, and what it holds of our memory with it. */
  const timer = setInterval(() => {
    const now = performance.now();
    for (const viewer of viewers) if (viewer.pace.isLost(now)) viewer.socket.close(CLOSE.slow, 'slow');
    for (const viewer of viewers) if (viewer.pace.isLost(now - 2_000)) viewer.socket.terminate();
  }, CHECK_MS);
  timer.unref();

  return {
    count: () => viewers.size,
    /** @param wish `narrow`: how often its line was too narrow of late, by its own word */
    add(socket: WebSocket, { choice, narrow }: { choice: Choice; narrow: number }) {
      const pace = createPace(performance.now(), narrow);
      const viewer: Viewer = { socket, choice, rendition: undefined, beginning: 0, pace, behind: false };
      viewers.add(viewer);
      socket.on('close', () => viewers.delete(viewer));
      socket.on('error', () => socket.terminate());
      socket.on('message', (data, isBinary) => {
        const message = isBinary ? undefined : fromViewer(data);
        if (!message) return socket.close(CLOSE.malformed, 'malformed');
        if (message.type === 'got') return pace.got(message.bytes, performance.now());
        viewer.choice = message.choice;
        const wanted = fitting(viewer);
        if (wanted) begin(viewer, wanted);
      });
      const first = fitting(viewer);
      if (!first || !begin(viewer, first)) tell(viewer, { type: 'off' });
    },
    /** A smaller copy has come or gone since somebody was told what there is. */
    offer() {
      const offered = program.offered();
      if (offered.join() === told) return;
      told = offered.join();
      for (const viewer of viewers) if (viewer.rendition) tell(viewer, { type: 'offered', offered });
    },
    /** The publisher has gone, for a moment or for good. */
    off() {
      for (const viewer of viewers) {
        viewer.rendition = undefined;
        tell(viewer, { type: 'off' });
      }
    },
    close(code: number, reason: string) {
      clearInterval(timer);
      for (const stop of stopListening) stop();
      for (const { socket } of viewers) socket.close(code, reason);
    },
  };
}
