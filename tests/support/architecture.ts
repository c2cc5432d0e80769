import { posix } from 'node:path';
import { importsOf, type Import } from './imports.ts';
import { EXCEPTIONS, MAY_IMPORT, SUFFIXES, type Suffix } from './architecture-table.ts';

/** From the ground up; each may use what stands below it. A new domain takes its place here. */
export const LADDER = [
  'platform',
  'accounts',
  'cooperatives',
  'catalog',
  'stock',
  'payments',
  'orders',
  'trace',
  'video',
  'live',
  'draws',
  'figures',
] as const;

/** What stands on top of all domains and wires them. */
export const TOP = ['main', 'context', 'http', 'realtime', 'jobs', 'shop', 'openapi'] as const;

/** Each step is put together in a file of its own, named like it; it may know no more than the step itself. */
const WIRING = /^server\/wiring\/([^/]+)\.ts$/;

/** What browser code may have from the server besides the typed wires. */
const SHARED_WITH_BROWSER = [
  'server/platform/money.ts',
  'server/platform/lang.ts',
  'server/trace/codes.rules.ts',
  'server/trace/seal.rules.ts',
  'server/trace/sscc.rules.ts',
];

const DATABASE_PACKAGES = /^(mongoose|mongodb)(\/|$)/;
const SESSION_STORE = 'server/platform/http/session.ts';

export type OffenceKind =
  | 'unknown_place'
  | 'file_name'
  | 'front_door_missing'
  | 'front_door'
  | 'ladder'
  | 'suffix_import'
  | 'database'
  | 'browser'
  | 'missing_file'
  | 'stale_exception';

export interface Offence {
  kind: OffenceKind;
  file: string;
  what: string;
}

/**
 * Everything in which a source tree departs from its architecture.
 *
 * @param files path from the project's root -> source text, of everything below server/ and public/
 */
export function checkArchitecture(files: ReadonlyMap<string, string>, exceptions = EXCEPTIONS): Offence[] {
  const offences: Offence[] = [];
  const used = new Set<string>();
  const report = (kind: OffenceKind, file: string, what: string) => {
    const excused = exceptions.find((one) => one.file === file && one.what === what && one.kind === kind);
    if (excused) used.add(`${excused.kind} ${excused.file} ${excused.what}`);
    else offences.push({ kind, file, what });
  };

  for (const [file, source] of files) {
    if (file.startsWith('server/')) checkPlace(file, files, report);
    if (!file.endsWith('.ts')) continue;
    for (const found of importsOf(file, source)) {
      if (found.target?.startsWith('server/') && !files.has(found.target)) {
        report('missing_file', file, found.target);
      }
      if (file.startsWith('server/')) checkServerImport(file, found, files, report);
      else checkBrowserImport(file, found, report);
    }
  }
  for (const { kind, file, what } of exceptions) {
    if (!used.has(`${kind} ${file} ${what}`)) offences.push({ kind: 'stale_exception', file, what });
  }
  return offences;
}

type Report = (kind: OffenceKind, file: string, what: string) => void;

/** The domain (or platform) of a file; undefined for what stands on top, and for the wiring. */
export function domainOf(file: string): string | undefined {
  return /^server\/(?!wiring\/)([^/]+)\//.exec(file)?.[1];
}

export function suffixOf(file: string): Suffix | undefined {
  const name = posix.basename(file);
  if (name === 'index.ts') return 'index';
  const suffix = /^[a-z][a-z0-9-]*\.([a-z]+)\.ts$/.exec(name)?.[1];
  return SUFFIXES.find((one) => one === suffix);
}

function rungOf(file: string): number {
  const domain = WIRING.exec(file)?.[1] ?? domainOf(file);
  return domain === undefined ? LADDER.length : LADDER.findIndex((one) => one === domain);
}

function checkPlace(file: string, files: ReadonlyMap<string, string>, report: Report) {
  const domain = domainOf(file);
  if (domain === undefined) {
    const known = WIRING.test(file) ? rungOf(file) >= 0 : TOP.some((name) => file === `server/${name}.ts`);
    if (!known) report('unknown_place', file, 'neither wiring of a step nor one of the files on top');
    return;
  }
  if (rungOf(file) < 0) return report('unknown_place', file, `${domain} has no place on the ladder`);
  if (domain === 'platform') return;
  if (!files.has(`server/${domain}/index.ts`))
    report('front_door_missing', file, `server/${domain}/index.ts`);

  const [, , ...inside] = file.split('/');
  const folders = inside.slice(0, -1);
  if (folders.length > 1) report('file_name', file, 'folders in a domain are one level deep');
  if (folders.some((folder) => LAYERS.test(folder)))
    report('file_name', file, 'folders are named by noun, not by layer');
  if (file.endsWith('/README.md')) return;
  if (!suffixOf(file)) report('file_name', file, 'the suffix is not on the list');
}

const LAYERS =
  /^(models?|views?|routes?|services?|stores?|rules|schemas?|controllers?|utils?|helpers?|lib|common|types)$/;

function checkServerImport(file: string, found: Import, files: ReadonlyMap<string, string>, report: Report) {
  const { target, specifier } = found;
  if (target === undefined) checkPackage(file, specifier, report);
  else checkAddress(file, target, files, report);
  checkSuffix(file, found, report);
}

function checkAddress(file: string, target: string, files: ReadonlyMap<string, string>, report: Report) {
  if (!target.startsWith('server/')) {
    // The demonstration data goes through the services like anybody else; only the process knows of it.
    const seedsForMain = file === 'server/main.ts' && target.startsWith('seeds/');
    if (!seedsForMain) report('ladder', file, target);
    return;
  }
  // The context is the one way to what was put together; whoever wired for themselves would have a second shop.
  const aroundTheContext = WIRING.test(target) && !WIRING.test(file) && file !== 'server/context.ts';
  if (aroundTheContext || rungOf(target) > rungOf(file)) report('ladder', file, target);

  // Every folder with a front door between the importer and the target must be entered by it.
  let entered = target;
  for (let folder = posix.dirname(target); folder.includes('/'); folder = posix.dirname(folder)) {
    if (file.startsWith(`${folder}/`)) continue;
    const door = `${folder}/index.ts`;
    if (!files.has(door) && !isDomainRoot(folder)) continue;
    if (entered !== door) return report('front_door', file, target);
    entered = folder;
  }
}

function isDomainRoot(folder: string): boolean {
  return /^server\/(?!(?:platform|wiring)$)[^/]+$/.test(folder);
}

function checkPackage(file: string, specifier: string, report: Report) {
  if (DATABASE_PACKAGES.test(specifier)) {
    const suffix = suffixOf(file);
    const allowed =
      file.startsWith('server/platform/db/') ||
      (domainOf(file) !== 'platform' && (suffix === 'model' || suffix === 'store'));
    if (!allowed) report('database', file, specifier);
  }
  if (specifier === 'connect-mongo' && file !== SESSION_STORE) report('database', file, specifier);
}

function checkSuffix(file: string, found: Import, report: Report) {
  const domain = domainOf(file);
  if (domain === undefined || domain === 'platform') return;
  const suffix = suffixOf(file);
  if (!suffix) return;
  const rule = MAY_IMPORT[suffix];
  const { target, specifier, typeOnly } = found;
  const what = target ?? specifier;
  if (typeOnly && rule.typesFreely) return;

  if (target === undefined) {
    if (!rule.packages.some((allowed) => allowed.test(specifier))) report('suffix_import', file, what);
    return;
  }
  const own = domainOf(target) === domain;
  const allowed = own
    ? rule.own.includes(suffixOf(target) ?? 'none')
    : target.startsWith('server/platform/')
      ? rule.platform.some((pattern) => pattern.test(target.slice('server/platform/'.length)))
      : rule.lower;
  if (!allowed) report('suffix_import', file, what);
}

function checkBrowserImport(file: string, { target }: Import, report: Report) {
  if (target === undefined || target.startsWith('public/')) return;
  const isWire = target.startsWith('server/') && suffixOf(target) === 'events';
  if (!isWire && !SHARED_WITH_BROWSER.includes(target)) report('browser', file, target);
}
