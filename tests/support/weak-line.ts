import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to the shop that fails as a phone's does in the mountains. */
export interface WeakLine {
  url: string;
  /** Every connection breaks, and no new one comes about. */
  cut(): void;
  /** Nothing breaks, but nothing comes through any more: what a phone finds when it wakes up. New ones work. */
  freeze(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function weakLineTo(shopUrl: string): Promise<WeakLine> {
  const port = Number(new URL(shopUrl).port);
  const open = new Set<Socket>();
  let isCut = false;

  const server = createServer((phone) => {
    if (isCut) return void phone.destroy();
    const shop = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [phone, shop],
      [shop, phone],
    ] as const) {
      open.add(socket);
      socket.pipe(other);
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
    mend: () => void (isCut = false),
    async close() {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
