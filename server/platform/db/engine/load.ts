/** Loads the engine's package, lowered to this glibc where that is the only thing in the way. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { ElfError } from './elf.ts';
import { EXPECTED_FILES, cacheDirsFor, isGlibcTooOld, loweredEngine, UnexpectedFileError } from './glibc.ts';
import { nativePackageSuffix, type Machine } from './support.ts';

/** The part of the package that is used; its own types would make an optional package a required one. */
export interface EnginePackage {
  open(directory: string): Promise<OpenEngine>;
}

export interface OpenEngine {
  readonly socketPath: string;
  close(): Promise<void>;
}

/** Why the engine cannot be loaded here, to follow "because". */
export class CannotLoadError extends Error {
  override name = 'CannotLoadError';
}

export function loadEngine(packageName: string, dataDir: string, machine: Machine): EnginePackage {
  const main = resolveOrExplain(createRequire(import.meta.url), packageName);
  const requireBeside = createRequire(main);
  const native = resolveOrExplain(requireBeside, `${packageName}-${nativePackageSuffix(machine)}`);
  try {
    // The native file alone first: the package swallows the loader's reason and blames npm instead.
    requireBeside(native);
  } catch (cause) {
    if (!isGlibcTooOld(cause)) {
      throw new CannotLoadError(`its native part does not load (${textOf(cause)})`, { cause });
    }
    process.env['NAPI_RS_NATIVE_LIBRARY_PATH'] = lower(path.dirname(native), dataDir, machine);
  }
  return requireBeside(main) as EnginePackage;
}

function resolveOrExplain(from: NodeJS.Require, name: string): string {
  try {
    return from.resolve(name);
  } catch (cause) {
    throw new CannotLoadError(
      `the optional package ${name} is not installed (npm install with optional dependencies brings it)`,
      { cause },
    );
  }
}

function lower(sourceDir: string, dataDir: string, machine: Machine): string {
  const files = EXPECTED_FILES[machine.arch];
  if (!files || machine.glibc === null) throw new CannotLoadError('this system is too old');
  try {
    return loweredEngine({ sourceDir, files, glibc: machine.glibc, cacheDirs: cacheDirsFor(dataDir) });
  } catch (cause) {
    if (cause instanceof ElfError || cause instanceof UnexpectedFileError) {
      throw new CannotLoadError(
        `it needs glibc 2.38, or 2.36 with the package as published, and this system has ${machine.glibc} ` +
          `(${cause.message})`,
        { cause },
      );
    }
    throw cause;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
