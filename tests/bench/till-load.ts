/**
 * The load of `bench:till` through sockets, in a process of its own: so many shoppers in the room. First each taps
 * again as soon as it has its answer: that is how many orders there can be. Then they tap by the clock, so many a
 * second all together, whether or not the answers come: that is how long an answer takes. A latency counts from the
 * instant at which the tap was due. Prints one line of JSON.
 *
 *     tsx tests/bench/till-load.ts URL LIVE SKU SHOPPERS SECONDS RATE
 */
import { Client } from '../support/client.ts';

interface Told {
  took: number;
  latencies: number[];
  outcomes: Record<string, number>;
}

const [url = '', live = '', sku = '', ...numbers] = process.argv.slice(2);
const [shoppers = 0, seconds = 0, rate = 0] = numbers.map(Number);

const people = await arrive(shoppers);
const paced = await byTheClock();
const flatOut = await inTurns();
process.stdout.write(`${JSON.stringify({ flatOut, paced })}\n`);
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

function teller() {
  const latencies: number[] = [];
  const outcomes: Record<string, number> = {};
  const began = performance.now();
  return {
    async tap(person: number, name: string, due: number) {
      const answer = await people[person]!.timeout(20_000).emitWithAck('order:place', {
        clickId: `bench-${name}-${person}`,
        liveId: live,
        sku,
        qty: 1,
      });
      latencies.push(Math.round((performance.now() - due) * 100) / 100);
      const outcome = answer.ok ? 'ok' : answer.error.code;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    },
    told: (): Told => ({ took: (performance.now() - began) / 1000, latencies, outcomes }),
  };
}

async function inTurns(): Promise<Told> {
  const { tap, told } = teller();
  const until = performance.now() + seconds * 1000;
  await Promise.all(
    people.map(async (_socket, person) => {
      for (let turn = 0; performance.now() < until; turn += 1)
        await tap(person, `turn-${turn}`, performance.now());
    }),
  );
  return told();
}

async function byTheClock(): Promise<Told> {
  const { tap, told } = teller();
  const began = performance.now();
  const taps: Promise<void>[] = [];
  for (let count = 0; count < rate * seconds; count = taps.length) {
    const dueUntil = Math.min(rate * seconds, ((performance.now() - began) / 1000) * rate);
    for (let next = count; next < dueUntil; next += 1) {
      taps.push(
        tap(next % people.length, `clock-${Math.floor(next / people.length)}`, began + (next / rate) * 1000),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(taps);
  return told();
}
