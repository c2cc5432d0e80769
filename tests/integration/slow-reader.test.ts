import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Socket as TcpSocket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createLog } from '../../server/platform/log.ts';
import { createSocketServer } from '../../server/platform/realtime/index.ts';
import { until } from '../support/client.ts';

const server = createServer();
let sockets: Awaited<ReturnType<typeof createSocketServer>>;

beforeAll(async () => {
  sockets = await createSocketServer({
    server,
    publicUrl: undefined,
    redisUrl: undefined,
    log: createLog('silent'),
  });
  sockets.io.on('connection', (socket) => void socket.join('room'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => sockets.close());

/** A reader by the bare protocol (Engine.IO 4, Socket.IO 5), so that its reading can be stopped. */
async function reader() {
  const { port } = server.address() as AddressInfo;
  const ws = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  const read = { bytes: 0, closed: false };
  const connected = new Promise<void>((resolve) => {
    ws.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('0')) ws.send('40');
      else if (text === '2') ws.send('3');
      else if (text.startsWith('40')) resolve();
      else read.bytes += data.length;
    });
  });
  ws.on('close', () => (read.closed = true));
  ws.on('error', () => {});
  await connected;
  const tcp = (ws as unknown as { _socket: TcpSocket })._socket;
  return { ws, read, stop: () => tcp.pause(), goOn: () => tcp.resume() };
}

describe('a reader that does not read', () => {
  test('is cut off at about a megabyte, while another one misses nothing', async () => {
    const [slow, quick] = [await reader(), await reader()];
    slow.stop();
    const line = 'x'.repeat(16_000);
    let sent = 0;
    const talk = setInterval(() => {
      sockets.io.to('room').emit('line', line);
      sent += 1;
    }, 2);
    try {
      await until(
        () => sockets.io.of('/').sockets.size,
        (count) => count === 1,
        15_000,
      );
    } finally {
      clearInterval(talk);
    }
    await until(
      () => quick.read.bytes,
      (bytes) => bytes >= sent * line.length,
    );
    expect(quick.read.closed).toBe(false);
    slow.goOn();
    await until(() => slow.read.closed, Boolean);
    expect(slow.read.bytes).toBeLessThan(sent * line.length);
    quick.ws.terminate();
  });
});
