/**
 * A room of bare Socket.IO, in a process of its own: what `bench:room` measures the shop's room against. It answers
 * a join and passes a pin on, and knows nobody.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

type Ack = (answer: object) => void;

const server = createServer();
const io = new Server(server, { serveClient: false, perMessageDeflate: false });
io.on('connection', (socket) => {
  socket.on('live:join', async (_input: object, ack: Ack) => {
    await socket.join('room');
    ack({ ok: true });
  });
  socket.on('host:pin', ({ liveId, sku }: { liveId: string; sku: string }, ack: Ack) => {
    io.to('room').emit('live:pinned', { liveId, sku, at: new Date().toISOString() });
    ack({ ok: true });
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`open at http://127.0.0.1:${port}\n`);
});
