/** Where the engine keeps its things below the data folder. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * A Unix socket's path has room for 107 bytes on Linux and 103 on macOS; longer ones fail to bind or, worse,
 * are cut. A little is left free.
 */
const SOCKET_PATH_LIMIT = 100;
/** The engine makes its own folder and socket below the run folder, under this longest of names. */
const ENGINE_SOCKET_TAIL = '/embedded-mongodb-XXXXXX/mongodb.sock';
export const ENGINE_FOLDER_PREFIX = 'embedded-mongodb-';

export interface Places {
  readonly dataDir: string;
  readonly dbDir: string;
  readonly stateFile: string;
  /** Holds the sockets: `dataDir/run`, or a private folder for temporary files when that is too deep. */
  readonly runDir: string;
  /** The same across restarts of the engine: a link to the engine's socket of the moment. */
  readonly socket: string;
  readonly uri: string;
}

export function placesIn(dataDir: string): Places {
  const absolute = path.resolve(dataDir);
  const runDir = runDirFor(absolute);
  const socket = path.join(runDir, 'db.sock');
  return {
    dataDir: absolute,
    dbDir: path.join(absolute, 'db'),
    stateFile: path.join(absolute, 'engine.json'),
    runDir,
    socket,
    uri: `mongodb://${encodeURIComponent(socket)}/?directConnection=true`,
  };
}

/** Makes the folders. Throws when the one for sockets belongs to somebody else. */
export function makePlaces(places: Places): void {
  fs.mkdirSync(places.dbDir, { recursive: true, mode: 0o700 });
  makePrivateDir(places.runDir);
}

/** The socket's path out of a `uri` made by `placesIn`. */
export function socketOf(uri: string): string | null {
  const encoded = /^mongodb:\/\/([^/?]+\.sock)\//.exec(uri)?.[1];
  return encoded === undefined ? null : decodeURIComponent(encoded);
}

function runDirFor(dataDir: string): string {
  const owner = `${process.getuid?.() ?? ''}:${dataDir}`;
  const short = `shanxiang-${createHash('sha256').update(owner).digest('hex').slice(0, 12)}`;
  const candidates = [path.join(dataDir, 'run'), path.join(os.tmpdir(), short)];
  const fits = candidates.find((dir) => Buffer.byteLength(dir + ENGINE_SOCKET_TAIL) <= SOCKET_PATH_LIMIT);
  return fits ?? path.join('/tmp', short);
}

/** In a shared folder for temporary files somebody else could have put a folder or link there first. */
function makePrivateDir(dir: string): void {
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const stat = fs.lstatSync(dir);
  const uid = process.getuid?.();
  if (!stat.isDirectory() || (uid !== undefined && stat.uid !== uid)) {
    throw new Error(`${dir} belongs to another user`);
  }
  if ((stat.mode & 0o077) !== 0) fs.chmodSync(dir, 0o700);
}
