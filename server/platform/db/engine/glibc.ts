/**
 * Makes the engine loadable on glibc 2.36 and 2.37 (Debian 12 and its kin).
 *
 * The published files were linked on a system with glibc 2.38 and so ask for GLIBC_2.38, although all they
 * use of it are C23 variants of strtol and scanf and an fmod that leaves errno alone; the functions with
 * the same results under the plain names are in every glibc. `elf.ts` rewrites a copy to ask for those.
 * Refused: shipping a patched binary (nobody could check it), and asking people to upgrade their system.
 * Below 2.36 nothing helps: arc4random and the packed relocations (DT_RELR) do not exist there.
 *
 * It rewrites machine code's bindings, so it touches only files that were examined: their SHA-256 is
 * pinned here. Another version of the package needs a look and new pins, not a looser check.
 */
import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lowerGlibcNeeds } from './elf.ts';

export interface NativeFile {
  readonly name: string;
  readonly sha256: string;
}

/** The .node file first, then the library it finds beside itself. From version 0.1.1 of the package. */
export const EXPECTED_FILES: Readonly<Record<string, readonly [NativeFile, NativeFile]>> = {
  x64: [
    {
      name: 'embedded-mongodb.linux-x64-gnu.node',
      sha256: '5ce2da1845bd2aaf719ce33c36ef8eaf0c9e4a5b8eac75e8f10ad236ae937dbb',
    },
    {
      name: 'libembedded_mongodb_native.so',
      sha256: 'eee6ecfaad6a1cdcf4f27086486f9f517cb9473e164fb677969686072cbbd76c',
    },
  ],
  arm64: [
    {
      name: 'embedded-mongodb.linux-arm64-gnu.node',
      sha256: '1a9a4333810025c04de148b58e796aef9da55d2974e50793df9aa860f6981440',
    },
    {
      name: 'libembedded_mongodb_native.so',
      sha256: '7921cf975be80227cb9bef30706ed8b22a797b47587afe0c0b01f82a6dea30de',
    },
  ],
};

export class UnexpectedFileError extends Error {
  override name = 'UnexpectedFileError';
}

/** True when the loader turned the engine down only because this glibc is older than the one it asks for. */
export function isGlibcTooOld(error: unknown): boolean {
  // The loader reports everything under one code, so here its text is all there is to go by.
  return (
    error instanceof Error &&
    (error as NodeJS.ErrnoException).code === 'ERR_DLOPEN_FAILED' &&
    /version `GLIBC_2\.38' not found/.test(error.message)
  );
}

export interface LoweringOptions {
  /** The folder of the package that holds both files. */
  readonly sourceDir: string;
  readonly files: readonly [NativeFile, NativeFile];
  /** The running glibc, as in "2.36". */
  readonly glibc: string;
  /** Where copies may be kept, best first; the first one that can be written is used. */
  readonly cacheDirs: readonly string[];
}

/**
 * The path of a copy of the .node file that this glibc loads, made now or found in the cache. Throws
 * `UnexpectedFileError` for files other than the pinned ones and `ElfError` when lowering is impossible.
 * Takes 0.1 s, and 0.3 s the first time.
 */
export function loweredEngine(options: LoweringOptions): string {
  // Checked even when a copy is cached, so that a changed package never runs with an old copy's code.
  const images = options.files.map((file) => readExpected(options.sourceDir, file));
  const key = `engine-${options.files[1].sha256.slice(0, 16)}-glibc-${options.glibc}`;
  const failures: unknown[] = [];
  for (const cacheDir of options.cacheDirs) {
    const folder = path.join(cacheDir, key);
    if (isOurs(folder)) return path.join(folder, options.files[0].name);
    const copies = images.map((image) => lowerGlibcNeeds(image, options.glibc));
    try {
      publish(folder, options.files, copies);
      return path.join(folder, options.files[0].name);
    } catch (cause) {
      failures.push(cause);
    }
  }
  throw new AggregateError(failures, 'no cache folder can be written');
}

/** The user's cache folder, shared by every data folder, and the data folder where there is no such. */
export function cacheDirsFor(dataDir: string): string[] {
  const user = process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache');
  return [path.join(user, 'shanxiang'), path.join(dataDir, 'cache')].filter((dir) => path.isAbsolute(dir));
}

function readExpected(dir: string, file: NativeFile): Buffer {
  const image = fs.readFileSync(path.join(dir, file.name));
  const actual = createHash('sha256').update(image).digest('hex');
  if (actual !== file.sha256) {
    throw new UnexpectedFileError(`${file.name} is not the file that was examined (SHA-256 ${actual})`);
  }
  return image;
}

/** Code is loaded from this folder, so one that somebody else made or may write to is not used. */
function isOurs(folder: string): boolean {
  try {
    const stat = fs.lstatSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
  } catch {
    return false;
  }
}

/** Both files appear at once, or not at all: a folder under the final name is always complete. */
function publish(folder: string, files: readonly NativeFile[], images: readonly Buffer[]): void {
  const temporary = `${folder}.${randomUUID()}`;
  fs.mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 });
  fs.mkdirSync(temporary, { mode: 0o700 });
  try {
    files.forEach((file, i) => writeDurably(path.join(temporary, file.name), images[i] as Buffer));
    fs.renameSync(temporary, folder);
  } catch (cause) {
    fs.rmSync(temporary, { recursive: true, force: true });
    // Another process may have been quicker with the same result.
    if (!isOurs(folder)) throw cause;
  }
}

/** Without the sync a power cut after the rename could leave the final name with empty files. */
function writeDurably(file: string, content: Buffer): void {
  const handle = fs.openSync(file, 'wx', 0o500);
  try {
    fs.writeFileSync(handle, content);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}
