/**
 * A process that asks, so that asking does not take the server's time. Bounded in requests and in time, and only
 * ever of this machine.
 */
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';

export type Order =
  | {
      do: 'throughput';
      url: string;
      path: string;
      headers: Record<string, string>;
      connections: number;
      seconds: number;
      maxRequests: number;
    }
  | { do: 'latencies'; url: string; paths: readonly string[] };

export interface Measured {
  requests: number;
  seconds: number;
  /** What was not a 200, by status or error. */
  others: Record<string, number>;
  /** Bytes of one body. */
  bytes: number;
}

let asked = 0;

/** The shop lets one address search so often; a proxy in front tells it of many. */
function visitor(): string {
  asked += 1;
  const number = Math.floor(asked / 50);
  return `10.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

function request(
  agent: Agent,
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const sent = get(
      url,
      { agent, headers: { ...headers, 'x-forwarded-for': visitor() } },
      (answer: IncomingMessage) => {
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => void (bytes += chunk.length));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, bytes }));
        answer.on('error', reject);
      },
    );
    sent.setTimeout(10_000, () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
  });
}

/**
 * Plain sockets: node's own client takes longer to ask than the shop takes to answer, and would be all that is
 * measured. Every answer is read to its end and its status is looked at.
 */
async function throughput(order: Extract<Order, { do: 'throughput' }>): Promise<Measured> {
  const measured: Measured = { requests: 0, seconds: 0, others: {}, bytes: 0 };
  const start = performance.now();
  const until = start + order.seconds * 1000;
  let left = order.maxRequests;
  const goesOn = () => left-- > 0 && performance.now() < until;
  const ask = requestText(order);
  await Promise.all(
    Array.from({ length: order.connections }, () => converse(order.url, { ask, goesOn, measured })),
  );
  measured.seconds = (performance.now() - start) / 1000;
  return measured;
}

function requestText({ url, path, headers }: Extract<Order, { do: 'throughput' }>): () => string {
  const lines = Object.entries({ host: new URL(url).host, ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const head = `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\nx-forwarded-for: `;
  return () => `${head}${visitor()}\r\n\r\n`;
}

/** One connection, one request at a time. */
function converse(
  url: string,
  { ask, goesOn, measured }: { ask: () => string; goesOn: () => boolean; measured: Measured },
): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let missing = 0; // bytes of the body that are still to come
    let head = '';
    const fail = (what: string) => {
      measured.others[what] = (measured.others[what] ?? 0) + 1;
      socket.destroy();
    };
    const next = () => {
      if (goesOn()) socket.write(ask());
      else socket.destroy();
    };
    const answered = () => {
      measured.requests += 1;
      next();
    };
    socket.setTimeout(10_000, () => fail('no answer'));
    socket.on('connect', next);
    socket.on('error', (error) => fail(error.message));
    socket.on('close', () => resolve());
    socket.on('data', (chunk) => {
      if (missing > 0) {
        missing -= chunk.length;
        if (missing === 0) answered();
        return;
      }
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const status = head.slice(9, 12);
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      if (status !== '200' || length === undefined) return fail(status);
      measured.bytes = Number(length);
      missing = measured.bytes - (head.length - end - 4);
      head = '';
      if (missing === 0) answered();
    });
  });
}

async function latencies(order: Extract<Order, { do: 'latencies' }>): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  for (const path of order.paths) {
    const start = performance.now();
    const { status } = await request(agent, order.url + path, {});
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    times.push(performance.now() - start);
  }
  agent.destroy();
  return times;
}

process.on('message', (order: Order) => {
  if (new URL(order.url).hostname !== '127.0.0.1') throw new Error('only this machine is asked');
  const work = order.do === 'throughput' ? throughput(order) : latencies(order);
  void work.then((answer) => process.send?.(answer));
});
process.send?.({ ready: true });
