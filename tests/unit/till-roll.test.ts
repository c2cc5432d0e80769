import type { Server } from 'socket.io';
import { expect, test } from 'vitest';
import { createTillRolls, hostRoom } from '../../server/live/till-roll.sockets.ts';
import type { HostSums } from '../../server/live/live.events.ts';
import { createBus } from '../../server/platform/bus.ts';
import { createLog } from '../../server/platform/log.ts';
import { until } from '../support/client.ts';

const LIVE = 'market';

/** A room with consoles, and a till whose sums take as long as they are told to. */
function roll({ consoles = true, sumsTakeMs = 0 } = {}) {
  const sent: HostSums[] = [];
  const reads = { sums: 0, orders: 0 };
  let orders = 0;
  const rooms = new Map(consoles ? [[hostRoom(LIVE), new Set(['socket'])]] : []);
  const emit = (_event: string, { sums }: { sums: HostSums }) => void sent.push(sums);
  const io = {
    sockets: { adapter: { rooms } },
    local: { to: () => ({ emit }) },
    on: () => undefined,
  } as unknown as Server;
  const bus = createBus(createLog('silent'));
  const rolls = createTillRolls({
    ...{ io, clustered: false, bus },
    orders: {
      async ofLive() {
        reads.orders += 1;
        return [];
      },
      async sumsOfLive() {
        reads.sums += 1;
        const now = orders;
        const began = performance.now();
        await until(
          async () => performance.now() - began,
          (tookMs) => tookMs >= sumsTakeMs,
        );
        return [{ _id: 'paid', orders: now, pieces: now, fen: now * 100 }];
      },
    },
  });
  const happen = () => {
    orders += 1;
    const fact = { code: 'x', buyer: 'b', buyerName: '', live: LIVE, cooperatives: [], lines: [] };
    bus.tell('order.moved', { ...fact, totalFen: 100, from: 'awaiting_payment', to: 'paid' });
  };
  return { rolls, reads, sent, happen };
}

test('where no console is open nothing is read', async () => {
  const { rolls, reads, happen } = roll({ consoles: false });
  happen();
  await rolls.tell();
  expect(reads).toEqual({ sums: 0, orders: 0 });
});

test('every turn tells the sums of this moment while they cost nothing', async () => {
  const { rolls, sent, happen } = roll();
  for (const wanted of [1, 2, 3]) {
    happen();
    await rolls.tell();
    expect(sent.at(-1)?.paid.orders).toBe(wanted);
  }
  await rolls.tell();
  expect(sent).toHaveLength(3); // nothing happened, nothing is told
});

test('sums that take long are added up again after a rest, and follow', async () => {
  const { rolls, reads, sent, happen } = roll({ sumsTakeMs: 30 });
  happen();
  await rolls.tell();
  happen();
  await rolls.tell();
  expect(reads.sums).toBe(1);
  expect(sent.map(({ paid }) => paid.orders)).toEqual([1, 1]);
  await until(
    async () => {
      await rolls.tell();
      return sent.at(-1)?.paid.orders;
    },
    (told) => told === 2,
  );
  expect(reads.sums).toBe(2);
});
