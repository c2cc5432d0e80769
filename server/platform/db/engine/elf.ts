/**
 * Just enough of the ELF format to lower the glibc that a shared library asks for.
 *
 * Two tables matter: `.gnu.version_r` lists the versions the library needs of others, and `.dynsym` lists
 * its symbols, each tied to one of those versions by `.gnu.version`. See the ELF-64 object file format and
 * the Linux Standard Base, chapter "Symbol versioning".
 *
 * Every read goes through Buffer's own bounds checks and every loop is limited by a count and moves
 * forward, so that a damaged file ends in an `ElfError` and never in a hang or a silently wrong copy.
 */

const SECTION_DYNSYM = 11;
const SECTION_VERSION_NEEDS = 0x6ffffffe;
const SECTION_SYMBOL_VERSIONS = 0x6fffffff;
const SYMBOL_SIZE = 24;
const SECTION_HEADER_SIZE = 64;

/** The oldest glibc of each machine: every function that ever existed under its plain name has it. */
const BASELINE_BY_MACHINE: Readonly<Record<number, string>> = { 62: 'GLIBC_2.2.5', 183: 'GLIBC_2.17' };

/** glibc 2.38 gave C23 variants of number parsing a name of their own; the plain name stayed. */
const C23_PREFIX = '__isoc23_';
/** glibc 2.38 has an fmod that leaves errno alone; the older one gives the same results. */
const SAME_UNDER_OLD_VERSION: ReadonlySet<string> = new Set(['fmod']);

export class ElfError extends Error {
  override name = 'ElfError';
}

interface Section {
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
}

interface VersionNeed {
  readonly library: string;
  readonly name: string;
  /** What `.gnu.version` holds for the symbols that need this version. */
  readonly index: number;
  readonly hash: number;
  readonly nameOffset: number;
  /** Where this entry lies in the file. */
  readonly at: number;
}

interface UndefinedSymbol {
  readonly name: string;
  readonly version: number;
  readonly nameOffset: number;
  readonly at: number;
}

/** The versions above `glibc` (as in "2.36") that this library asks for, as "library GLIBC_x.y". */
export function versionsAbove(image: Buffer, glibc: string): string[] {
  return guarded(() =>
    readVersionNeeds(image)
      .filter((need) => isAbove(need.name, glibc))
      .map((need) => `${need.library} ${need.name}`),
  );
}

/**
 * A copy of `image` that asks for nothing above `glibc`. Throws `ElfError` when the file is not an ELF-64
 * library of a known machine, is damaged, or needs a function that has no older equivalent.
 */
export function lowerGlibcNeeds(image: Buffer, glibc: string): Buffer {
  return guarded(() => {
    const copy = Buffer.from(image);
    const needs = readVersionNeeds(copy);
    const tooNew = needs.filter((need) => isAbove(need.name, glibc));
    // Names first: it refuses what cannot be lowered, before anything pretends that it was.
    renameSymbols(copy, tooNew);
    for (const need of tooNew) pointAtBaseline(copy, need, baselineOf(copy, needs, need.library));
    return copy;
  });
}

function renameSymbols(image: Buffer, tooNew: readonly VersionNeed[]): void {
  const versions = new Set(tooNew.map((need) => need.index));
  for (const symbol of readUndefinedSymbols(image)) {
    if (!versions.has(symbol.version)) continue;
    if (symbol.name.startsWith(C23_PREFIX)) {
      // A name is an offset into the string table, so moving it on leaves the rest of the same string.
      image.writeUInt32LE(symbol.nameOffset + C23_PREFIX.length, symbol.at);
    } else if (!SAME_UNDER_OLD_VERSION.has(symbol.name)) {
      throw new ElfError(`${symbol.name} has no equivalent in this glibc`);
    }
  }
}

function baselineOf(image: Buffer, needs: readonly VersionNeed[], library: string): VersionNeed {
  const wanted = BASELINE_BY_MACHINE[image.readUInt16LE(18)];
  const found = needs.find((need) => need.library === library && need.name === wanted);
  if (!found) throw new ElfError(`${library} is not needed in its oldest version`);
  return found;
}

function pointAtBaseline(image: Buffer, need: VersionNeed, baseline: VersionNeed): void {
  image.writeUInt32LE(baseline.hash, need.at);
  image.writeUInt32LE(baseline.nameOffset, need.at + 8);
}

/** `GLIBC_2.38` is above "2.36"; names that carry no version, such as `GLIBC_ABI_DT_RELR`, never are. */
function isAbove(name: string, glibc: string): boolean {
  const needed = /^GLIBC_(\d+)\.(\d+)/.exec(name);
  const running = /^(\d+)\.(\d+)/.exec(glibc);
  if (!running) throw new ElfError(`not a glibc version: ${glibc}`);
  if (!needed) return false;
  const major = Number(needed[1]) - Number(running[1]);
  return major > 0 || (major === 0 && Number(needed[2]) > Number(running[2]));
}

function readVersionNeeds(image: Buffer): VersionNeed[] {
  const sections = readSections(image);
  const table = sectionOfType(sections, SECTION_VERSION_NEEDS);
  const strings = sectionAt(sections, table.link);
  const end = table.offset + table.size;
  const needs: VersionNeed[] = [];
  for (let at = table.offset; at < end;) {
    const library = readString(image, strings, image.readUInt32LE(at + 4));
    let entry = at + image.readUInt32LE(at + 8);
    for (let left = image.readUInt16LE(at + 2); left > 0; left -= 1) {
      if (entry + 16 > end) throw new ElfError('a version need lies outside its table');
      needs.push(readVersionNeed(image, strings, library, entry));
      const step = image.readUInt32LE(entry + 12);
      if (step === 0 && left > 1) throw new ElfError('the version needs end early');
      entry += step;
    }
    const step = image.readUInt32LE(at + 12);
    if (step === 0) break;
    at += step;
  }
  return needs;
}

function readVersionNeed(image: Buffer, strings: Section, library: string, at: number): VersionNeed {
  const nameOffset = image.readUInt32LE(at + 8);
  return {
    library,
    name: readString(image, strings, nameOffset),
    index: image.readUInt16LE(at + 6),
    hash: image.readUInt32LE(at),
    nameOffset,
    at,
  };
}

function readUndefinedSymbols(image: Buffer): UndefinedSymbol[] {
  const sections = readSections(image);
  const table = sectionOfType(sections, SECTION_DYNSYM);
  const strings = sectionAt(sections, table.link);
  const versions = sectionOfType(sections, SECTION_SYMBOL_VERSIONS);
  const symbols: UndefinedSymbol[] = [];
  for (let i = 0; i < Math.floor(table.size / SYMBOL_SIZE); i += 1) {
    const at = table.offset + i * SYMBOL_SIZE;
    if (image.readUInt16LE(at + 6) !== 0) continue;
    const nameOffset = image.readUInt32LE(at);
    // The highest bit says "hidden" and is no part of the number.
    const version = image.readUInt16LE(versions.offset + i * 2) & 0x7fff;
    symbols.push({ name: readString(image, strings, nameOffset), version, nameOffset, at });
  }
  return symbols;
}

function readSections(image: Buffer): Section[] {
  const isElf64LittleEndian =
    image.length >= 64 && image.readUInt32BE(0) === 0x7f454c46 && image[4] === 2 && image[5] === 1;
  if (!isElf64LittleEndian) throw new ElfError('not a 64-bit little-endian ELF file');
  if (image.readUInt16LE(58) !== SECTION_HEADER_SIZE) throw new ElfError('unknown section header size');
  const start = readOffset(image, 40);
  return Array.from({ length: image.readUInt16LE(60) }, (_, i) =>
    readSection(image, start + i * SECTION_HEADER_SIZE),
  );
}

function readSection(image: Buffer, at: number): Section {
  const type = image.readUInt32LE(at + 4);
  const offset = readOffset(image, at + 24);
  const size = readOffset(image, at + 32);
  // Type 8 (.bss and the like) takes no room in the file.
  if (type !== 8 && offset + size > image.length) throw new ElfError('a section lies outside the file');
  return { type, offset, size, link: image.readUInt32LE(at + 40) };
}

function sectionOfType(sections: readonly Section[], type: number): Section {
  const section = sections.find((one) => one.type === type);
  if (!section) throw new ElfError(`no section of type 0x${type.toString(16)}`);
  return section;
}

function sectionAt(sections: readonly Section[], index: number): Section {
  const section = sections[index];
  if (!section) throw new ElfError('a section names one that does not exist');
  return section;
}

function readString(image: Buffer, strings: Section, offset: number): string {
  const table = image.subarray(strings.offset, strings.offset + strings.size);
  const end = table.indexOf(0, offset);
  if (offset >= table.length || end === -1) throw new ElfError('a name lies outside its string table');
  return table.toString('latin1', offset, end);
}

function readOffset(image: Buffer, at: number): number {
  const value = image.readBigUInt64LE(at);
  if (value > BigInt(image.length)) throw new ElfError('an offset points outside the file');
  return Number(value);
}

/** A read past the end is a damaged file, not a programming error: one kind of error for callers. */
function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof RangeError) throw new ElfError('the file is cut short', { cause });
    throw cause;
  }
}
