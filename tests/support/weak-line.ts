import { setTimeout as pause } from 'node:timers/promises';
import { Transform } from 'node:stream';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to the shop that fails as a phone's does in the mountains. */
export interface WeakLine {
  url: string;
  /** Every connection breaks, and no new one comes about. */
  cut(): void;
  /** Nothing breaks, but nothing comes through any more: what a phone finds when it wakes up. New ones work. */
  freeze(): void;
  /** So many bytes a second come through to the phone, on all its connections together; 0: none. */
  narrow(bytesPerSecond: number): void;
  /** As wide as it is, and new connections work. */
  mend(): void;
  close(): Promise<void>;
}

export async function weakLineTo(shopUrl: string): Promise<WeakLine> {
  const port = Number(new URL(shopUrl).port);
  const open = new Set<Socket>();
  let isCut = false;
  let width = Infinity;
  const downlink = createDownlink(() => width);

  const server = createServer((phone) => {
    if (isCut) return void phone.destroy();
    const shop = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [phone, shop],
      [shop, phone],
    ] as const) {
      open.add(socket);
      if (other === phone) socket.pipe(downlink.through()).pipe(other);
      else socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function cut() {
    isCut = true;
    for (const socket of open) socket.destroy();
  }
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cut,
    freeze() {
      for (const socket of open) socket.unpipe();
    },
    narrow: (bytesPerSecond) => void (width = bytesPerSecond),
    mend() {
      isCut = false;
      width = Infinity;
    },
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const SLICE = 2_048;
const LOOK_MS = 20;

/** What all connections of a phone share: whatever comes goes through slice by slice, as fast as it is wide. */
function createDownlink(width: () => number) {
  let free = Promise.resolve();

  async function pass(slice: Buffer, push: (slice: Buffer) => void) {
    while (width() === 0) await pause(LOOK_MS);
    if (width() !== Infinity) await pause((slice.length * 1_000) / width());
    push(slice);
  }

  return {
    through: () =>
      new Transform({
        transform(chunk: Buffer, _encoding, done) {
          if (width() === Infinity) return done(null, chunk);
          const push = (slice: Buffer) => void (this.destroyed || this.push(slice));
          for (let at = 0; at < chunk.length; at += SLICE) {
            const slice = chunk.subarray(at, at + SLICE);
            free = free.then(() => pass(slice, push));
          }
          void free.then(() => done());
        },
      }),
  };
}
