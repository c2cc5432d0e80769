import { WebSocket } from 'ws';
import { WATCH_PATH, type FromViewer, type ToViewer } from '../../server/video/watch.events.ts';
import { round, spreadOf, type Spread } from './figures.ts';

const ACK_MS = 300;
const COME_AGAIN_MS = 500;
const TICKS_PER_MS = 90;

/** `tfdt` of the picture's track in a fragment: media time in ms; undefined for what has none. */
function mediaTimeOf(fragment: Buffer): number | undefined {
  for (const moof of boxes(fragment, 'moof')) {
    for (const traf of boxes(moof, 'traf')) {
      const [tfhd] = boxes(traf, 'tfhd');
      const [tfdt] = boxes(traf, 'tfdt');
      if (tfhd?.readUInt32BE(4) === 1 && tfdt?.[0] === 1)
        return Number(tfdt.readBigUInt64BE(4)) / TICKS_PER_MS;
    }
  }
  return undefined;
}

/** Contents of the boxes of that type, one level deep. */
function boxes(bytes: Buffer, type: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length < 8 || at + length > bytes.length) break;
    if (bytes.toString('latin1', at + 4, at + 8) === type) found.push(bytes.subarray(at + 8, at + length));
    at += length;
  }
  return found;
}

interface Tally {
  gaps: number[];
  bytes: number;
  reconnects: number;
}

/**
 * Viewers who take everything at once and say so, as the page does, and one whose line carries next to nothing. The
 * first of them also watches the clock: how much media time has gone by against how much time has.
 */
export async function createCrowd(url: string, live: string, count: number) {
  const address = `${url.replace('http', 'ws')}${WATCH_PATH}${live}`;
  const tally: Tally = { gaps: [], bytes: 0, reconnects: 0 };
  const all: Tally = { gaps: [], bytes: 0, reconnects: 0 };
  const recoveries: number[] = [];
  const sockets = new Set<WebSocket>();
  const slow = { bytes: 0, closed: 0, begun: 0 };
  let watching = 0;
  let closed = false;
  let largestDrift = 0;
  let minuteDrift = 0;

  const clock = createClock();

  function watch(timesIt: boolean, first: () => void) {
    const socket = new WebSocket(address, { perMessageDeflate: false });
    sockets.add(socket);
    let bytes = 0;
    let said = 0;
    let last = 0;
    let stoodSince = 0;
    const acks = setInterval(() => {
      if (bytes === said || socket.readyState !== WebSocket.OPEN) return;
      said = bytes;
      socket.send(JSON.stringify({ type: 'got', bytes } satisfies FromViewer));
    }, ACK_MS);
    socket.on('open', () => (watching += 1));
    socket.on('message', (data: Buffer, isBinary) => {
      if (!isBinary) {
        // From the last picture before to the first one after is how long this viewer stood still.
        if ((JSON.parse(data.toString()) as ToViewer).type === 'off' && last > 0)
          [stoodSince, last] = [last, 0];
        return;
      }
      bytes += data.length;
      tally.bytes += data.length;
      const media = mediaTimeOf(data);
      if (media === undefined) return;
      const now = performance.now();
      if (stoodSince > 0) recoveries.push(now - stoodSince);
      else if (last > 0) tally.gaps.push(now - last);
      [stoodSince, last] = [0, now];
      first();
      if (timesIt) noteDrift(clock.at(media, now));
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(acks);
      sockets.delete(socket);
      if (watching > 0) watching -= 1;
      if (closed) return;
      tally.reconnects += 1;
      setTimeout(() => watch(timesIt, () => {}), COME_AGAIN_MS);
    });
  }

  function noteDrift(ms: number) {
    minuteDrift = Math.abs(ms) > Math.abs(minuteDrift) ? ms : minuteDrift;
    largestDrift = Math.max(largestDrift, Math.abs(ms));
  }

  /** Reads a little and then nothing for long: what is sent to it piles up on its way. */
  function dawdle() {
    const socket = new WebSocket(address, { perMessageDeflate: false });
    sockets.add(socket);
    let bytes = 0;
    slow.begun += 1;
    const pauses = setInterval(() => {
      socket.resume();
      setTimeout(() => socket.pause(), 50);
    }, 3_000);
    socket.on('open', () => socket.pause());
    socket.on('message', (data: Buffer) => {
      bytes += data.length;
      slow.bytes += data.length;
      if (socket.readyState === WebSocket.OPEN) {
        socket.send(JSON.stringify({ type: 'got', bytes } satisfies FromViewer));
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      clearInterval(pauses);
      sockets.delete(socket);
      slow.closed += 1;
      if (!closed) setTimeout(dawdle, 2_000);
    });
  }

  await Promise.all(
    Array.from(
      { length: count },
      (_none, index) => new Promise<void>((resolve) => watch(index === 0, resolve)),
    ),
  );
  dawdle();

  function take(from: Tally): Tally {
    const copy = { ...from, gaps: from.gaps };
    [from.gaps, from.bytes, from.reconnects] = [[], 0, 0];
    return copy;
  }

  return {
    /** What was seen since it was last asked. */
    minute(): { watching: number; driftMs: number; gaps: Spread; megabytes: number } {
      const seen = take(tally);
      const gaps = spreadOf(seen.gaps);
      // Not every gap of an hour is kept: the largest of each minute, and the spread of the latest.
      all.gaps.push(gaps.p99, gaps.max);
      all.bytes += seen.bytes;
      all.reconnects += seen.reconnects;
      const driftMs = round(minuteDrift, 0);
      minuteDrift = 0;
      return { watching, driftMs, gaps, megabytes: round(seen.bytes / 1e6, 1) };
    },
    total: () => ({
      driftMs: round(largestDrift, 0),
      reconnects: all.reconnects,
      gaps: spreadOf(all.gaps),
      megabytes: round(all.bytes / 1e6, 1),
      slow: `${round(slow.bytes / 1e6, 1)} MB taken, let go ${slow.closed} times`,
    }),
    /** How long viewers stood still, each time the encoder was gone. */
    recoveries: () => recoveries,
    close() {
      closed = true;
      for (const socket of sockets) socket.terminate();
    },
  };
}

/**
 * Media time against this machine's clock. A batch may come a little late and never early, so that the least of ten
 * seconds is what the clocks differ by; the first ten seconds are what later ones are compared with.
 */
function createClock() {
  const WINDOW_MS = 10_000;
  let windowBegan: number | undefined;
  let least = Infinity;
  let base: number | undefined;
  let drift = 0;
  return {
    at(mediaMs: number, now: number): number {
      windowBegan ??= now;
      least = Math.min(least, now - mediaMs);
      if (now - windowBegan >= WINDOW_MS) {
        base ??= least;
        drift = least - base;
        windowBegan = now;
        least = Infinity;
      }
      return drift;
    },
  };
}
