import { EventEmitter } from 'node:events';
import { tmpdir } from 'node:os';
import type { WebSocket } from 'ws';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '../../server/platform/log.ts';
import type { ClaimVerdict, KeepAnswer } from '../../server/video/bus.rules.ts';
import type { LineToProcess } from '../../server/video/line.service.ts';
import { createStudio } from '../../server/video/studio.sockets.ts';
import type { ToViewer } from '../../server/video/watch.events.ts';
import { readTape, tapeAt } from '../support/video-packets.ts';

const LIVE = 'a-live';
const tape = readTape();

/** A studio whose shop answers when the test says so. */
function studioWith() {
  let claimed: (verdict: ClaimVerdict) => void = () => {};
  const line = {
    ask: () => new Promise((resolve) => (claimed = resolve as typeof claimed)),
    cut: () => {},
  } as unknown as LineToProcess;
  const studio = createStudio({ line, log: createLog('silent'), folder: tmpdir() });
  return { studio, claimed: (verdict: ClaimVerdict) => claimed(verdict) };
}

const nothing: KeepAnswer = { ended: [], elsewhere: [], record: [], room: Infinity };

describe('a live that comes on air', () => {
  test('is not reported before the shop has taken its lease, nor ended by an answer about the one before', async () => {
    const { studio, claimed } = studioWith();
    const told: string[] = [];
    studio.openIngest({ live: LIVE, via: 'rtmp', publisher: 'p', over: (reason) => told.push(reason) });
    expect(studio.report()).toMatchObject({ held: [], waiting: [] });
    studio.heard({ ...nothing, ended: [{ live: LIVE, reason: 'taken_over' }] });
    expect(told).toEqual([]);

    claimed({ ok: true, recording: null });
    await vi.waitFor(() => expect(studio.report().held).toMatchObject([{ live: LIVE, publishing: true }]));
    studio.heard({ ...nothing, ended: [{ live: LIVE, reason: 'taken_over' }] });
    expect(told).toEqual(['taken_over']);
  });
});

describe('what there is to choose from', () => {
  test('is told to whoever watches already when a smaller copy comes, and when it goes', () => {
    const { studio } = studioWith();
    const ingest = studio.onAir(LIVE).open({ via: 'browser', publisher: 'p' });
    const said: ToViewer[] = [];
    const socket = Object.assign(new EventEmitter(), {
      ...{ bufferedAmount: 0, close: () => {}, terminate: () => {} },
      send: (data: Buffer | string) => void (typeof data === 'string' && said.push(JSON.parse(data))),
    });
    ingest.configure({ video: tape.video, audio: tape.audio });
    studio.watch(LIVE, socket as unknown as WebSocket, { choice: 'auto', narrow: 0 });
    ingest.configure({ video: tape.video, audio: tape.audio, low: tape.video });
    ingest.configure({ video: tape.video, audio: tape.audio, low: tape.video });
    ingest.configure({ video: tape.video, audio: tape.audio });
    expect(said).toMatchObject([
      { type: 'begin', rendition: 'high', offered: ['high', 'sound'] },
      { type: 'offered', offered: ['high', 'low', 'sound'] },
      { type: 'offered', offered: ['high', 'sound'] },
    ]);
  });
});

describe('a viewer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('that says it got everything and takes nothing is let go before it fills the memory', () => {
    const { studio } = studioWith();
    const program = studio.onAir(LIVE);
    const ingest = program.open({ via: 'rtmp', publisher: 'p' });
    const terminate = vi.fn();
    let sent = 0;
    const socket = Object.assign(new EventEmitter(), {
      ...{ bufferedAmount: 0, close: () => {}, terminate },
      send(data: Buffer | string) {
        if (typeof data === 'string') return;
        sent += data.length;
        socket.bufferedAmount += data.length;
        socket.emit('message', Buffer.from(JSON.stringify({ type: 'got', bytes: sent })), false);
      },
    });
    studio.watch(LIVE, socket as unknown as WebSocket, { choice: 'high', narrow: 0 });
    ingest.configure({ video: tape.video, audio: tape.audio });

    const heavy = new Uint8Array(1_000_000);
    for (let n = 0; n < 400 && terminate.mock.calls.length === 0; n += 1) {
      const packet = tapeAt(tape, n);
      vi.setSystemTime(packet.timestampUs / 1_000);
      ingest.push(packet.track === 'video' ? { ...packet, data: heavy } : packet);
    }
    expect(terminate).toHaveBeenCalled();
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });
});
