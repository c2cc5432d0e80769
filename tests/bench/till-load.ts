/**
 * The load of `bench:till` through sockets, in a process of its own: so many shoppers in the room, each tapping again
 * as soon as it has its answer, for so many seconds. Prints one line of JSON.
 *
 *     tsx tests/bench/till-load.ts URL LIVE SKU SHOPPERS SECONDS
 */
import { Client } from '../support/client.ts';

const [url = '', live = '', sku = '', shoppers = '0', seconds = '0'] = process.argv.slice(2);
const latencies: number[] = [];
const outcomes = new Map<string, number>();

const people = await arrive(Number(shoppers));
const began = performance.now();
const until = began + Number(seconds) * 1000;
await Promise.all(people.map((socket, person) => tap(socket, person)));
const took = (performance.now() - began) / 1000;
process.stdout.write(`${JSON.stringify({ took, latencies, outcomes: Object.fromEntries(outcomes) })}\n`);
process.exit(0);

async function arrive(count: number) {
  const all = [];
  for (let start = 0; start < count; start += 50) {
    const some = Array.from({ length: Math.min(50, count - start) }, async () => {
      const client = new Client(url);
      await client.get(`/live/${live}`);
      return client.socket();
    });
    all.push(...(await Promise.all(some)));
  }
  return all;
}

async function tap(socket: Awaited<ReturnType<Client['socket']>>, person: number) {
  for (let turn = 0; performance.now() < until; turn += 1) {
    const start = performance.now();
    const answer = await socket
      .timeout(20_000)
      .emitWithAck('order:place', { clickId: `bench-${person}-${turn}`, liveId: live, sku, qty: 1 });
    latencies.push(performance.now() - start);
    const outcome = answer.ok ? 'ok' : answer.error.code;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
}
