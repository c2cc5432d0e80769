import { readdir, readFile } from 'node:fs/promises';
import { WebSocket } from 'ws';
import { round } from './figures.ts';

/** Memory of other processes. Linux only. */

/** Resident memory in MB, as the kernel counts it: with what is free for reuse, and with garbage. */
export async function megabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN);
  return round(kilobytes / 1024, 1);
}

/** The child of a process that calls itself so. @throws Error when there is none */
export async function childOf(parent: number, title: string): Promise<number> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const [stat, command] = await Promise.all([
      readFile(`/proc/${entry}/stat`, 'utf8').catch(() => ''),
      readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => ''),
    ]);
    const [, ppid] = /^\d+ \(.*\) \w (\d+)/s.exec(stat) ?? [];
    if (Number(ppid) === parent && command.startsWith(title)) return Number(entry);
  }
  throw new Error(`process ${parent} has no child ${title}`);
}

interface Used {
  heapUsed: number;
  external: number;
}

/**
 * What a process holds on to, by its inspector. A heap is let grow for long before it is swept, so that without a
 * collection its size only says when the last one was.
 *
 * @param port where the process was told to listen with `--inspect`
 */
export async function inspect(port: number) {
  const list = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as {
    webSocketDebuggerUrl: string;
  }[];
  const socket = new WebSocket(list[0]!.webSocketDebuggerUrl, { perMessageDeflate: false });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const waiting = new Map<number, (result: unknown) => void>();
  let ids = 0;
  socket.on('message', (data: Buffer) => {
    const { id, result } = JSON.parse(data.toString()) as { id?: number; result: unknown };
    if (id === undefined) return;
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  function ask<T>(method: string, params: object = {}): Promise<T> {
    const id = ++ids;
    return new Promise((resolve) => {
      waiting.set(id, resolve as (result: unknown) => void);
      socket.send(JSON.stringify({ id, method, params }));
    });
  }
  await ask('HeapProfiler.enable');
  return {
    /** MB in use after the garbage was collected: objects, and the buffers outside the heap that they own. */
    async megabytesUsed(): Promise<number> {
      await ask('HeapProfiler.collectGarbage');
      const { result } = await ask<{ result: { value: Used } }>('Runtime.evaluate', {
        expression: 'process.memoryUsage()',
        returnByValue: true,
      });
      return round((result.value.heapUsed + result.value.external) / 1024 / 1024, 2);
    },
    close: () => socket.close(),
  };
}

/** The least-squares line through the points: MB an hour. */
export function slopePerHour(points: readonly { minute: number; mb: number }[]): number {
  if (points.length < 2) return 0;
  const meanOf = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const minute = meanOf((point) => point.minute);
  const mb = meanOf((point) => point.mb);
  const above = points.reduce((sum, point) => sum + (point.minute - minute) * (point.mb - mb), 0);
  const below = points.reduce((sum, point) => sum + (point.minute - minute) ** 2, 0);
  return below === 0 ? 0 : (above / below) * 60;
}
