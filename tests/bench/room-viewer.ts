/** A viewer by the bare protocol (Engine.IO 4, Socket.IO 5): five thousand of the real client would be the bottleneck. */
import { WebSocket } from 'ws';

export interface Viewer {
  /** Sends an event; resolves with the acknowledgement. */
  ask<T = { ok: boolean }>(event: string, input: object): Promise<T>;
  close(): void;
}

export interface Arrival {
  url: string;
  cookie?: string | undefined;
  /** Called with the text of every packet that is no acknowledgement, such as `42["live:pinned",{...}]`. */
  heard: (packet: string) => void;
}

export async function arrive({ url, cookie, heard }: Arrival): Promise<Viewer> {
  const ws = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
    perMessageDeflate: false,
    ...(cookie ? { headers: { cookie } } : {}),
  });
  const asked = new Map<string, (answer: never) => void>();
  let next = 0;
  let left = false;

  await new Promise<void>((resolve, reject) => {
    ws.once('error', reject);
    ws.once('close', (code) => {
      if (!left) process.stderr.write(`a line was closed: ${code}\n`);
      reject(new Error(`the line was closed: ${code}`));
    });
    ws.on('message', (data: Buffer) => {
      const packet = data.toString();
      if (packet.startsWith('42')) heard(packet);
      else if (packet === '2') ws.send('3');
      else if (packet.startsWith('43')) settle(packet);
      else if (packet.startsWith('0')) ws.send('40');
      else if (packet.startsWith('40')) resolve();
      else if (packet.startsWith('44')) reject(new Error(packet));
    });
  });

  function settle(packet: string) {
    const at = packet.indexOf('[');
    const id = packet.slice(2, at);
    const [answer] = JSON.parse(packet.slice(at)) as [never];
    asked.get(id)?.(answer);
    asked.delete(id);
  }

  return {
    ask: (event, input) =>
      new Promise((resolve) => {
        const id = String(next++);
        asked.set(id, resolve);
        ws.send(`42${id}${JSON.stringify([event, input])}`);
      }),
    close: () => {
      left = true;
      ws.terminate();
    },
  };
}
