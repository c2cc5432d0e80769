/**
 * The process that the pictures go through, so that neither their bytes nor what is wrong with them can hold up the
 * shop. Started by `video.service.ts`, compiled or from source; ends with it.
 */
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { pipeline, type Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { createLog, type Log } from '../platform/log.ts';
import type { BusSettings, HandedOver, KeepAnswer, Purpose } from './bus.rules.ts';
import { openEncoders, type Encoders, type Gate } from './encoders/index.ts';
import { serveHls, type Found } from './hls.service.ts';
import { openLine, type LineToProcess } from './line.service.ts';
import { createStudio, type Studio } from './studio.sockets.ts';
import { attendPublisher } from './publishers.sockets.ts';
import { KEPT_FILE } from './recording.rules.ts';

const KEEP_EVERY_MS = 1_000;
/** The largest message of a viewer and of a publisher. */
const VIEWER_PAYLOAD = 4_096;
const PUBLISHER_PAYLOAD = 2_200_000;

interface Bus {
  studio: Studio;
  encoders: Encoders;
  settings: BusSettings;
  log: Log;
}

let opened: Promise<Bus> | undefined;
const purposes = new WeakMap<Duplex, Purpose>();

// A Ctrl-C reaches every process of the terminal: this one goes when told, or when the shop is gone.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => void leave());

const line: LineToProcess = openLine(
  {
    send: (message, handle) => {
      if (process.connected) process.send?.(message, handle as Socket | undefined, {}, () => {});
    },
    onMessage: (listener) => process.on('message', listener),
  },
  {
    async open(settings: BusSettings) {
      opened ??= open(settings);
      return { rtmpPort: (await opened).encoders.rtmpPort };
    },
    take: (handed: HandedOver, handle) => take(handed, handle as Socket | undefined),
    end: async ({ live, reason }: { live: string; reason: string }) =>
      (await opened)?.studio.end(live, reason),
    'whip.open': async ({
      sdp,
      comer,
    }: {
      sdp: string;
      comer: { key: string; live: string; address: string };
    }) => (await opened)?.encoders.whip.open(sdp, comer),
    'whip.close': async ({ live, session }: { live: string; session: string }) =>
      (await opened)?.encoders.whip.close(live, session) ?? false,
    close: () => void setImmediate(() => void leave()),
  },
);

async function open(settings: BusSettings): Promise<Bus> {
  process.title = 'shanxiang-video';
  const log = createLog(settings.logLevel);
  const studio = createStudio({ line, log, folder: settings.folder });
  const gate: Gate = {
    admit: (comer) => line.ask('gate.admit', comer),
    hold: (grant, heard) => line.ask('gate.hold', { grant, heard }),
    leave: (grant, fault) => line.ask('gate.leave', { grant, fault }),
  };
  const encoders = await openEncoders({ openIngest: studio.openIngest, gate, log }, settings);
  setInterval(() => void keep(studio, log), KEEP_EVERY_MS).unref();
  return { studio, encoders, settings, log };
}

let keeping = false;

/** Says what goes on here, and hears what is to go on. A shop that does not answer takes nobody off the air. */
async function keep(studio: Studio, log: Log) {
  if (keeping) return;
  keeping = true;
  try {
    studio.heard(await line.ask<KeepAnswer>('keep', studio.report()));
  } catch (error) {
    log.warn({ err: error }, 'the shop was not asked');
  } finally {
    keeping = false;
  }
}

async function leave() {
  setTimeout(() => process.exit(1), 4_000).unref();
  const bus = await opened?.catch(() => undefined);
  await bus?.encoders.close();
  await bus?.studio.close();
  process.exit(0);
}

const server = createServer((req, res) => void serve(req, res).catch(() => res.destroy()));
server.headersTimeout = 10_000;
const forViewers = new WebSocketServer({
  noServer: true,
  maxPayload: VIEWER_PAYLOAD,
  perMessageDeflate: false,
});
const forPublishers = new WebSocketServer({
  noServer: true,
  maxPayload: PUBLISHER_PAYLOAD,
  perMessageDeflate: false,
});

/** A connection of the shop's, with the request that was read from it put back. */
function take({ purpose, head }: HandedOver, socket: Socket | undefined) {
  // Closed while it was on its way.
  if (!socket) return;
  socket.on('error', () => socket.destroy());
  const request = Buffer.from(head, 'base64');
  if (purpose.kind === 'lead') return lead(socket, purpose, request);
  purposes.set(socket, purpose);
  socket.unshift(request);
  server.emit('connection', socket);
}

function lead(socket: Socket, { host, port }: Extract<Purpose, { kind: 'lead' }>, request: Buffer) {
  const there = connect({ host, port });
  there.on('error', () => socket.destroy());
  there.on('close', () => socket.destroy());
  socket.on('close', () => there.destroy());
  there.setNoDelay(true);
  there.write(request);
  socket.pipe(there).pipe(socket);
}

server.on('upgrade', (req, socket, head) => {
  opened
    ?.then(({ studio }) => {
      const purpose = purposes.get(socket);
      (socket as Socket).setNoDelay(true);
      if (purpose?.kind === 'watch') {
        forViewers.handleUpgrade(req, socket, head, (ws) => studio.watch(purpose.live, ws, purpose));
      } else if (purpose?.kind === 'publish') {
        forPublishers.handleUpgrade(req, socket, head, (ws) => {
          const { live, publisher } = purpose;
          const program = studio.onAir(live);
          attendPublisher({ socket: ws, program, publisher, figures: () => studio.figuresOf(live) });
        });
      } else socket.destroy();
    })
    .catch(() => socket.destroy());
});

async function serve(req: IncomingMessage, res: ServerResponse) {
  const purpose = purposes.get(req.socket);
  const bus = await opened;
  if (!bus || !purpose) return answer(res, { status: 404 });
  if (purpose.kind === 'hls') {
    const program = bus.studio.known(purpose.live);
    if (!program) return answer(res, { status: 404 });
    const wait = bus.studio.wait(purpose.live);
    const found = await serveHls(program, purpose.path, new URLSearchParams(purpose.query), wait);
    if (found.body) bus.studio.served(found.body.length);
    return answer(res, found);
  }
  if (purpose.kind !== 'file' || !KEPT_FILE.test(purpose.name)) return answer(res, { status: 404 });
  const file = createReadStream(join(bus.settings.folder, purpose.live, purpose.recording, purpose.name));
  file.once('error', () => (res.headersSent ? res.destroy() : answer(res, { status: 404 })));
  file.once('open', () => {
    head(res, { status: 200, type: 'video/mp4', keepSeconds: 31_536_000 });
    // Also where the player goes away in the middle: the file is closed with it.
    pipeline(file, res, () => {});
  });
}

function head(res: ServerResponse, { status, type, keepSeconds }: Found) {
  res.writeHead(status, {
    ...(type ? { 'Content-Type': type } : {}),
    'Cache-Control': keepSeconds ? `public, max-age=${keepSeconds}, immutable` : 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // The next request on this connection may be for the shop, which has given it away.
    Connection: 'close',
  });
}

function answer(res: ServerResponse, found: Found) {
  head(res, found);
  res.end(found.body);
}
