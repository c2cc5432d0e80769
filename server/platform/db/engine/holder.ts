/**
 * `engine.json`: who holds the data folder and where to reach the engine.
 *
 * It is a note, not the lock. The lock is the engine's own on `db/mongod.lock`, which the kernel releases
 * with the process; a note can outlive its writer, so it is believed only while that very process lives.
 */
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { z } from 'zod';

const holderSchema = z.object({
  /** The shop that owns the engine. */
  pid: z.int().positive(),
  /** The engine's own process, for people who look. */
  enginePid: z.int().positive(),
  /** Tells this process from a later one with the same pid. */
  identity: z.string().min(1),
  uri: z.string().min(1),
  startedAt: z.iso.datetime(),
});

export type Holder = z.infer<typeof holderSchema>;

/** The living process that holds the folder; null when the note is missing, damaged or stale. */
export function readLivingHolder(stateFile: string): Holder | null {
  const holder = readHolder(stateFile);
  return holder !== null && processIdentity(holder.pid) === holder.identity ? holder : null;
}

export function writeHolder(stateFile: string, holder: Holder): void {
  const temporary = `${stateFile}.${randomUUID()}`;
  fs.writeFileSync(temporary, `${JSON.stringify(holder, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  fs.renameSync(temporary, stateFile);
}

/** Removes the note if it is still the one of process `pid`. */
export function removeHolder(stateFile: string, pid: number): void {
  if (readHolder(stateFile)?.pid === pid) fs.rmSync(stateFile, { force: true });
}

/**
 * A word that names a living process for good: pids are used again, after a reboot or a container's restart
 * even at once. Null when there is no such process, or only a dead one that nobody has collected yet.
 */
export function processIdentity(pid: number): string | null {
  return process.platform === 'linux' ? identityFromProc(pid) : identityFromPs(pid);
}

function readHolder(stateFile: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(fs.readFileSync(stateFile, 'utf8')));
  } catch (error) {
    const unreadable = (error as NodeJS.ErrnoException).code === 'EACCES';
    if (unreadable) throw error;
    return null;
  }
}

function identityFromProc(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold spaces and parentheses itself, so count from its end (see proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const startTicks = fields[19];
    if (state === 'Z' || state === 'X' || startTicks === undefined) return null;
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${startTicks}`;
  } catch {
    return null;
  }
}

function identityFromPs(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    const [state = '', ...started] = line.split(/\s+/);
    return state === '' || state.startsWith('Z') ? null : started.join(' ');
  } catch {
    return null;
  }
}
