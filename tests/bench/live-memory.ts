import { readdir, readFile } from 'node:fs/promises';
import { round } from './figures.ts';

/** Memory of other processes, as the kernel counts it. Linux only. */

/** Resident memory in MB. */
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
