import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Catalog } from '../catalog/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Lang } from '../platform/lang.ts';
import type { Translate } from '../platform/views/index.ts';
import type { Lots, Member } from '../stock/index.ts';
import { grouped, gtin14, type Identity } from './codes.rules.ts';
import type { PrintEntry } from './labels.model.ts';
import type { LabelText } from './label-words.rules.ts';
import {
  firstUnprinted,
  isReprint,
  MOST_PICTURES,
  pictureSheet,
  picturesOf,
  SHEETS,
} from './labels.rules.ts';
import type { PrintCommand } from './labels.schema.ts';
import type { LabelStore } from './labels.store.ts';
import { sheetPng, sheetSvg } from './sheet-picture.service.ts';
import { codePicture, writeSheet, type LabelCode } from './sheet.service.ts';
import type { Signing } from './signing.service.ts';
import type { Run, Units } from './units.service.ts';

export type Labels = ReturnType<typeof createLabels>;

/** A print that is on record and can be written out. */
export interface PrintJob {
  entry: PrintEntry;
  /** Which print of these labels it is: 1 is the first. */
  turn: number;
  lot: { id: string; code: string; sku: string; bestBefore: string };
  run: Run;
}

export interface LabelReader {
  lang: Lang;
  t: Translate;
}

const TRIES = 5;

/** Labels with signed codes for the pieces of a lot. What is printed is written down first. */
export function createLabels(deps: {
  store: LabelStore;
  units: Units;
  signing: Signing;
  lots: Lots;
  catalog: Catalog;
  clock: Clock;
  /** The address that printed codes begin with. */
  origin: () => string;
}) {
  const { store, units, signing, lots, catalog, clock } = deps;

  async function serialsIn(lot: string, texts: readonly string[]): Promise<string[]> {
    const serials: string[] = [];
    for (const text of texts) {
      const read = units.serialIn(text);
      const unit = 'serial' in read ? await units.byCode(read.serial) : null;
      if (unit?.lot !== lot || unit.state === 'revoked') {
        throw new AppError('invalid', { fields: { codes: 'code_unknown' } });
      }
      serials.push(unit._id);
    }
    return serials;
  }

  async function identityOf(lot: PrintJob['lot']): Promise<Omit<Identity, 'serial'>> {
    const gtin = (await catalog.sellables([lot.sku])).get(lot.sku)?.variant.gtin;
    if (gtin === undefined) throw new AppError('not_found');
    return { gtin: gtin14(gtin), lot: lot.code, bestBefore: lot.bestBefore };
  }

  const linkerOf = ({ key }: PrintEntry) => signing.linker(deps.origin(), key ?? undefined);

  async function* codesOf({ entry, run }: PrintJob): AsyncGenerator<string> {
    if (entry.codes.length > 0) return yield* entry.codes;
    let number = 0;
    for (const serial of await units.serialsOf(run.id)) {
      number += 1;
      if (number > entry.to) return;
      if (number >= entry.from) yield serial;
    }
  }

  async function printJob(code: string, runId: string, member: Member) {
    const lot = await lots.own(code, member);
    const run = (await units.runsOf(lot._id)).find(({ id }) => id === runId);
    if (!run?.done) throw new AppError('not_found');
    return { run, lot: { id: lot._id, code: lot.code, sku: lot.sku, bestBefore: lot.bestBefore } };
  }

  /** What stands on the labels of a print, and how a serial becomes one. */
  async function drawingOf(job: PrintJob, { lang, t }: LabelReader) {
    const [identity, link] = [await identityOf(job.lot), await linkerOf(job.entry)];
    const found = (await catalog.sellables([job.lot.sku])).get(job.lot.sku);
    const text: LabelText = {
      name: found?.product.name[lang] ?? '',
      variant: found?.variant.name[lang] ?? '',
      facts: [
        t('labels.print.lot', { lot: job.lot.code }),
        t('labels.print.bestBefore', { day: job.lot.bestBefore }),
        `GTIN ${identity.gtin}`,
      ],
      mark: job.turn > 1 ? t('labels.print.again', { n: job.turn - 1 }) : undefined,
    };
    const toCode = (serial: string): LabelCode => ({
      link: link({ ...identity, serial }),
      spoken: grouped(serial),
    });
    return { text, toCode, identity };
  }

  return {
    /** What has codes and what was printed of it. */
    async ofLot(code: string, member: Member) {
      const lot = await lots.own(code, member);
      const [runs, books, unlabelled] = await Promise.all([
        units.runsOf(lot._id),
        store.ofLot(lot._id),
        units.unlabelled(lot._id),
      ]);
      const prints = new Map(books.map((book) => [book._id, book.prints]));
      return {
        lot,
        unlabelled,
        runs: runs.map((run) => {
          const printed = prints.get(run.id) ?? [];
          return { ...run, prints: printed, next: firstUnprinted(printed) };
        }),
      };
    },

    /** How many labels each key has signed, and of how many lots. Labels printed twice count twice. */
    usesOfKeys: async () => new Map((await store.usesOfKeys()).map(({ _id, ...use }) => [_id, use])),

    /** Gives codes to pieces of a lot. @throws AppError `not_found`, `conflict` when fewer are without one */
    async commission(
      code: string,
      command: { commandId: string; qty: number },
      member: Member,
    ): Promise<Run> {
      const lot = await lots.own(code, member);
      return units.commission({ lot: lot._id, ...command, by: member.id });
    },

    /**
     * Puts a print on record. Once by the command's id: sent again, the same labels are written out again without
     * counting as another print.
     *
     * @throws AppError `not_found`, `invalid` for numbers or codes that the run has not, and for labels that were
     *   printed before when no reason is given
     */
    async print(code: string, command: PrintCommand, member: Member): Promise<PrintJob> {
      const { lot, run } = await printJob(code, command.run, member);
      const codes = await serialsIn(lot.id, command.codes);
      const key = await signing.active();
      for (let turn = 0; turn < TRIES; turn += 1) {
        const before = (await store.book(run.id))?.prints ?? [];
        const known = before.findIndex(({ ref }) => ref === command.commandId);
        if (known >= 0) {
          const entry = before[known]!;
          return { entry, turn: turnOf(before.slice(0, known), entry), lot, run };
        }
        const from = codes.length > 0 ? 0 : (command.from ?? firstUnprinted(before));
        const to = codes.length > 0 ? 0 : (command.to ?? run.qty);
        if (to > run.qty || from > to) {
          throw new AppError('invalid', { fields: { to: 'at_most' }, values: { n: run.qty } });
        }
        mustBeFew(command, codes.length || to - from + 1);
        const again = isReprint(before, { from, to, codes });
        if (again && command.why === '') throw new AppError('invalid', { fields: { why: 'reason_missing' } });
        const entry: PrintEntry = {
          ref: command.commandId,
          ...{ sheet: command.sheet, format: command.format },
          ...{ from, to, codes, key, at: clock.now(), by: member.id, why: again ? command.why : null },
        };
        if (await store.add({ id: run.id, lot: lot.id }, before.length, entry)) {
          return { entry, turn: turnOf(before, entry), lot, run };
        }
      }
      throw new AppError('conflict');
    },

    /** A print that is on record, to be handed out once more. @throws AppError `not_found` */
    async printed(code: string, { run: runId, ref }: { run: string; ref: string }, member: Member) {
      const { lot, run } = await printJob(code, runId, member);
      const before = (await store.book(run.id))?.prints ?? [];
      const known = before.findIndex((one) => one.ref === ref);
      if (known < 0) throw new AppError('not_found');
      const entry = before[known]!;
      return { entry, turn: turnOf(before.slice(0, known), entry), lot, run };
    },

    /** Writes a recorded print out as a PDF, however many labels it has, without holding them all. */
    async write(job: PrintJob, out: Writable, reader: LabelReader): Promise<void> {
      const { text, toCode } = await drawingOf(job, reader);
      const title = reader.t('labels.fileTitle', { lot: job.lot.code });
      const sheet = SHEETS[job.entry.sheet];
      await writeSheet(out, { sheet, title, text, serials: codesOf(job), toCode });
    },

    /** The pictures that a recorded print is, and the labels on each. */
    sheetsOf({ entry }: PrintJob) {
      const all = labelsOf(entry);
      const { columns, rows } = pictureSheet(SHEETS[entry.sheet]);
      const first = Math.max(1, entry.from);
      return Array.from({ length: picturesOf(SHEETS[entry.sheet], all) }, (_item, at) => ({
        number: at + 1,
        from: first + at * columns * rows,
        to: first + Math.min(all, (at + 1) * columns * rows) - 1,
      }));
    },

    /** One sheet of a recorded print as a picture; sheets count from one. @throws AppError `not_found` */
    async sheetPicture(
      job: PrintJob,
      { number, format }: { number: number; format: 'svg' | 'png' },
      reader: LabelReader,
    ): Promise<Buffer> {
      const sheet = SHEETS[job.entry.sheet];
      const { columns, rows } = pictureSheet(sheet);
      const { text, toCode } = await drawingOf(job, reader);
      const codes: LabelCode[] = [];
      let at = 0;
      for await (const serial of codesOf(job)) {
        const page = Math.floor(at / (columns * rows)) + 1;
        at += 1;
        if (page > number) break;
        if (page === number) codes.push(toCode(serial));
      }
      if (codes.length === 0) throw new AppError('not_found');
      const svg = await sheetSvg(sheet, text, codes);
      return format === 'svg' ? Buffer.from(svg) : sheetPng(svg);
    },

    /** A recorded print as a list: for a print shop whose press makes the QR codes itself. */
    async list(job: PrintJob, out: Writable, reader: LabelReader): Promise<void> {
      const { identity, toCode } = await drawingOf(job, reader);
      const { gtin, lot, bestBefore = '' } = identity;
      async function* lines() {
        // Spreadsheets take a file without this mark for one in the encoding of their own country.
        yield '\ufeffno,code,gtin,lot,best_before,link\r\n';
        let number = Math.max(1, job.entry.from);
        for await (const serial of codesOf(job)) {
          const { link, spoken } = toCode(serial);
          yield `${number},${spoken},${gtin},${lot},${bestBefore},${link}\r\n`;
          number += 1;
        }
      }
      await pipeline(Readable.from(lines()), out);
    },

    /** The one code of a recorded print as a picture. */
    async picture({ entry, lot }: PrintJob, format: 'svg' | 'png'): Promise<Buffer> {
      const link = await linkerOf(entry);
      return codePicture(link({ ...(await identityOf(lot)), serial: entry.codes[0]! }), format);
    },
  };
}

function labelsOf({ codes, from, to }: PrintEntry): number {
  return codes.length || to - from + 1;
}

/** @throws AppError `invalid` for more pictures than anybody wants to save one by one */
function mustBeFew({ sheet, format }: PrintCommand, labels: number): void {
  if (format !== 'svg' && format !== 'png') return;
  if (picturesOf(SHEETS[sheet], labels) <= MOST_PICTURES) return;
  const { columns, rows } = pictureSheet(SHEETS[sheet]);
  const n = MOST_PICTURES * columns * rows;
  throw new AppError('invalid', { fields: { to: 'pictures_at_most' }, values: { n } });
}

/** How often labels of an entry have been printed with it; counted by the range or code that was printed most. */
function turnOf(before: readonly PrintEntry[], entry: PrintEntry): number {
  if (entry.why === null) return 1;
  const touching = before.filter((one) =>
    entry.codes.length > 0
      ? one.codes.some((code) => entry.codes.includes(code))
      : one.codes.length === 0 && one.from <= entry.to && entry.from <= one.to,
  );
  // A single label had its first print with its run.
  return touching.length + 1 + (entry.codes.length > 0 ? 1 : 0);
}
