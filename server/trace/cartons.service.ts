import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { Catalog } from '../catalog/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Lot, Lots, Member, Stock } from '../stock/index.ts';
import type { CartonDoc } from './cartons.model.ts';
import { MOST_IN_CARTON } from './cartons.rules.ts';
import type { CartonStore } from './cartons.store.ts';
import { gtin14 } from './codes.rules.ts';
import { SHEETS, type SheetName } from './labels.rules.ts';
import type { LabelReader } from './labels.service.ts';
import { createPrintCheck, type PrintFault } from './print-check.service.ts';
import { writeSheet } from './sheet.service.ts';
import type { Signing } from './signing.service.ts';
import { cartonLink, openDigits, spokenSscc, ssccOf } from './sscc.rules.ts';
import { statesBefore } from './units.rules.ts';
import type { Unit, Units } from './units.service.ts';

export type Carton = CartonDoc;
export type Cartons = ReturnType<typeof createCartons>;

export type PutRefusal =
  | 'typing'
  | 'unknown'
  | PrintFault
  | 'wrong_lot'
  | 'already_sold'
  | 'revoked'
  | 'recalled'
  | 'blocked'
  | 'in_carton'
  | 'carton_full'
  | 'carton_shut';

export type PutOutcome = { unit: Unit; again: boolean } | { refused: PutRefusal };

export interface CartonDeps {
  store: CartonStore;
  units: Units;
  signing: Signing;
  stock: Stock;
  lots: Lots;
  catalog: Catalog;
  clock: Clock;
  /** The GS1 company prefix of the shop. */
  prefix: string;
  /** The address that printed codes begin with. */
  origin: () => string;
  /** Tells the lot's road that there is news. */
  follow: (lot: string) => Promise<void>;
}

/** Cartons of a lot's units: filled by scanning, closed, and taken apart again. */
export function createCartons(deps: CartonDeps) {
  const { store, units, stock, lots, clock } = deps;
  const checkPrint = createPrintCheck(deps);

  /** @throws AppError `not_found`, also for another cooperative's */
  async function own(sscc: string, member: Member): Promise<{ carton: Carton; lot: Lot }> {
    const carton = await store.byId(sscc);
    if (!carton || !member.cooperatives.includes(carton.cooperative)) throw new AppError('not_found');
    const [lot] = await stock.lots([carton.lot]);
    if (!lot) throw new AppError('not_found');
    return { carton, lot };
  }

  const done = (member: Member) => ({ at: clock.now(), by: member.id });
  const isFree = (unit: Unit) => statesBefore('packed').includes(unit.state);

  function refusalOf(unit: Unit, lot: Lot): PutRefusal | undefined {
    if (unit.state === 'revoked') return 'revoked';
    if (unit.lot !== lot._id) return 'wrong_lot';
    if (lot.state !== 'open') return lot.state;
    return isFree(unit) ? undefined : 'already_sold';
  }

  return {
    own,
    byId: (sscc: string) => store.byId(sscc),

    /** The code of its lot: all that a stranger may know of it. */
    async lotOf(sscc: string): Promise<string | undefined> {
      const carton = await store.byId(sscc);
      const [lot] = carton ? await stock.lots([carton.lot]) : [];
      return lot?.code;
    },

    /** @throws AppError `not_found` */
    async ofLot(code: string, member: Member): Promise<{ lot: Lot; cartons: Carton[] }> {
      const lot = await lots.own(code, member);
      return { lot, cartons: await store.ofLot(lot._id) };
    },

    /** A new carton with a number of its own, which tells nobody how many there are. The command sent twice is one. */
    async start(code: string, commandId: string, member: Member): Promise<string> {
      const lot = await lots.own(code, member);
      for (let turn = 0; ; turn += 1) {
        const digest = createHash('sha256').update(`carton ${lot._id} ${commandId} ${turn}`).digest();
        const digits = openDigits(deps.prefix);
        const open = (digest.readBigUInt64BE() % 10n ** BigInt(digits)).toString().padStart(digits, '0');
        const sscc = ssccOf(deps.prefix, open);
        if (await store.insert(newCarton(sscc, lot, done(member)))) return sscc;
        // The same command again, or a number that another lot has.
        if ((await store.byId(sscc))?.lot === lot._id) return sscc;
      }
    },

    /** Puts what was scanned in. Scanned twice, it is there once. @throws AppError `not_found` */
    async put(sscc: string, text: string, member: Member): Promise<PutOutcome> {
      const { carton, lot } = await own(sscc, member);
      const read = units.serialIn(text);
      if ('typing' in read) return { refused: 'typing' };
      const unit = await units.byCode(read.serial);
      const printed = await checkPrint(text, unit);
      if (printed) return { refused: printed };
      if (!unit) return { refused: 'unknown' };
      if (carton.units.includes(unit._id)) return { unit, again: true };
      const refused = refusalOf(unit, lot);
      if (refused) return { refused };
      if (unit.state === 'returned') await store.letGo(unit._id);
      const filled = await store.put(sscc, unit._id);
      if (filled === undefined) return { refused: 'in_carton' };
      if (filled === null) {
        const now = await store.byId(sscc);
        if (now?.units.includes(unit._id)) return { unit, again: true };
        return { refused: now?.state === 'open' ? 'carton_full' : 'carton_shut' };
      }
      // Somebody may have put it to an order between the look and the write.
      const since = await units.byCode(unit._id);
      if (since && isFree(since)) return { unit, again: false };
      await store.take(sscc, unit._id);
      return { refused: 'already_sold' };
    },

    /** @throws AppError `not_found`, `conflict` when it is closed or the unit is not in it */
    async take(sscc: string, serial: string, member: Member): Promise<void> {
      await own(sscc, member);
      if (!(await store.take(sscc, serial))) throw new AppError('conflict');
    },

    /** @throws AppError `not_found`, `conflict` when it is empty or not open */
    async close(sscc: string, member: Member): Promise<void> {
      const { lot } = await own(sscc, member);
      const closed = await store.close(sscc, done(member));
      if (!closed && (await store.byId(sscc))?.state !== 'closed') throw new AppError('conflict');
      await deps.follow(lot.code);
    },

    /** @throws AppError `not_found`, `conflict` when it is with an order */
    async unpack(sscc: string, member: Member): Promise<void> {
      const { lot } = await own(sscc, member);
      const apart = await store.unpack(sscc, done(member));
      if (!apart && (await store.byId(sscc))?.state !== 'unpacked') throw new AppError('conflict');
      await deps.follow(lot.code);
    },

    /** Its label as a PDF: the number in GS1's own writing, and as a QR code. @throws AppError `not_found` */
    async print(sscc: string, sheet: SheetName, job: { out: Writable; member: Member; reader: LabelReader }) {
      const { carton, lot } = await own(sscc, job.member);
      const { lang, t } = job.reader;
      const found = (await deps.catalog.sellables([lot.sku])).get(lot.sku);
      await store.printed(sscc);
      const count = carton.packed.length;
      await writeSheet(job.out, {
        sheet: SHEETS[sheet],
        title: t('cartons.fileTitle', { sscc }),
        text: {
          name: found?.product.name[lang] ?? '',
          variant: `${found?.variant.name[lang] ?? ''}${count > 0 ? ` × ${count}` : ''}`,
          facts: [
            t('labels.print.lot', { lot: lot.code }),
            t('labels.print.bestBefore', { day: lot.bestBefore }),
            ...(found ? [`GTIN ${gtin14(found.variant.gtin)}`] : []),
          ],
          mark: t('cartons.mark'),
        },
        serials: once(sscc),
        toCode: (number) => ({ link: cartonLink(deps.origin(), number), spoken: spokenSscc(number) }),
      });
    },

    most: MOST_IN_CARTON,
  };
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}

function newCarton(sscc: string, lot: Lot, { at, by }: { at: Date; by: string }): CartonDoc {
  return {
    ...{ _id: sscc, lot: lot._id, sku: lot.sku, cooperative: lot.cooperative, state: 'open' as const },
    ...{ units: [], packed: [], order: null, line: null, since: at, by, madeAt: at, printed: 0 },
    ...{ closedAt: null, closedBy: null, unpackedAt: null, unpackedBy: null },
  };
}
