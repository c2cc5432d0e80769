import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Orders } from '../orders/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Lot, Stock } from '../stock/index.ts';
import { RANDOM_SIGNS, readLink, readSerial, serialOf, SIGNS } from './codes.rules.ts';
import { chosenFor, holdsShut } from './cartons.rules.ts';
import type { CartonStore } from './cartons.store.ts';
import type { RunDoc, UnitDoc } from './units.model.ts';
import { mayBind, type BindRefusal, type UnitState } from './units.rules.ts';
import type { UnitStore } from './units.store.ts';

export type Unit = UnitDoc;
export type Units = ReturnType<typeof createUnits>;

export interface Commission {
  /** The lot's id in stock. */
  lot: string;
  qty: number;
  commandId: string;
  by: string;
}

/** A run as its lot's desk sees it: never with what its codes follow from. */
export interface Run {
  id: string;
  lot: string;
  qty: number;
  done: boolean;
  at: Date;
  by: string;
}

export interface BindCommand {
  /** What was scanned or typed: a link, or the unit's code in any spelling. */
  code: string;
  order: string;
  line: number;
  by: string;
  /** The carton that it comes in; without one, a unit in a carton stays there. */
  carton?: string;
}

export type BindOutcome = { unit: Unit; again: boolean } | { refused: BindRefusal };

/** Units written at once. */
const BATCH = 1_000;

/** A run that is still going on must not be finished by somebody else; doing it twice would do no harm. */
const STUCK_MS = 60_000;

/** How often somebody else may be quicker before the answer is `conflict`. */
const TRIES = 5;

export function createUnits(deps: {
  store: UnitStore;
  cartons: CartonStore;
  stock: Stock;
  orders: Orders;
  clock: Clock;
}) {
  const { store, cartons, stock, orders, clock } = deps;

  async function lotOf(id: string): Promise<Lot> {
    const [lot] = await stock.lots([id]);
    if (!lot) throw new AppError('not_found');
    return lot;
  }

  async function make(run: RunDoc): Promise<void> {
    for (let from = 0; from < run.qty; from += BATCH) {
      const count = Math.min(BATCH, run.qty - from);
      await store.insertUnits(Array.from({ length: count }, (_item, at) => newUnit(run, from + at)));
    }
    await store.finishRun(run._id);
  }

  async function free(order: { lines: readonly { qty: number }[]; code: string }, line: number) {
    const taken = new Set((await store.ofOrder(order.code)).map(({ place }) => place));
    const places = Array.from(
      { length: order.lines[line]!.qty },
      (_item, at) => `${order.code}:${line}:${at}`,
    );
    return places.find((place) => !taken.has(place));
  }

  async function isShutIn(serial: string, allowed: string | undefined): Promise<boolean> {
    const carton = await cartons.holding(serial);
    return carton !== null && carton._id !== allowed && holdsShut(carton.state);
  }

  async function tryBind(serial: string, command: BindCommand): Promise<BindOutcome | 'again'> {
    const [unit, order] = await Promise.all([store.byId(serial), orders.byCode(command.order)]);
    const line = order?.lines[command.line];
    if (!order || !line) throw new AppError('not_found');
    if (!unit) return { refused: 'unknown' };
    const to = { order: order._id, line: command.line, lots: line.lots.map(({ lot }) => lot) };
    const answer = mayBind(unit, to, (await lotOf(unit.lot)).state);
    if (answer === 'done') return { unit, again: true };
    if (answer !== 'yes') return { refused: answer };
    if (await isShutIn(serial, command.carton)) return { refused: 'in_carton' };
    const place = await free({ code: order._id, lines: order.lines }, command.line);
    if (place === undefined) return { refused: 'too_many' };
    const { order: code } = to;
    const bound = await store.bind(unit, { ...to, order: code, place, at: clock.now(), by: command.by });
    if (!bound) return 'again';
    // The lot may have been recalled, or a carton closed over it, between the look and the write.
    const { state } = await lotOf(unit.lot);
    const shut = await isShutIn(serial, command.carton);
    if (state === 'open' && !shut) return { unit: bound, again: false };
    await store.release(serial, code, { at: clock.now(), by: command.by });
    return { refused: state === 'open' ? 'in_carton' : state };
  }

  return {
    byCode: (serial: string) => store.byId(serial),
    ofOrder: (order: string) => store.ofOrder(order),

    /** The unit's code in what was scanned or typed. */
    serialIn(text: string): { serial: string } | { typing: true } {
      const link = readLink(text);
      if (!('fault' in link) && link.identity.serial !== undefined) return { serial: link.identity.serial };
      const read = readSerial(text);
      return 'serial' in read ? read : { typing: true };
    },

    /**
     * Gives codes to so many pieces of a lot. The same command sent again, or by two processes at once, or finished
     * by the job after a crash, makes the same units and no others.
     *
     * @throws AppError `not_found`, `conflict` when the lot has not so many pieces without a code
     */
    async commission({ lot: lotId, qty, commandId, by }: Commission): Promise<Run> {
      const lot = await lotOf(lotId);
      const id = createHash('sha256').update(`${lotId} ${commandId}`).digest('base64url').slice(0, 22);
      const seed = randomBytes(32).toString('base64url');
      const fresh = { _id: id, lot: lotId, sku: lot.sku, qty, seed, done: false, at: clock.now(), by };
      await store.ensureCard(lotId);
      const inserted = await store.insertRun(fresh);
      const run = inserted ? fresh : await store.run(id);
      if (!run) throw new AppError('conflict');
      if (run.done) return presentRun(run);
      const pieces = lot.received + lot.adjusted + lot.moved;
      if (!(await store.reserve(lotId, { id, qty: run.qty }, pieces))) {
        await store.removeRun(id);
        const left = pieces - ((await store.card(lotId))?.labelled ?? 0);
        throw new AppError('conflict', { fields: { qty: 'at_most' }, values: { n: Math.max(0, left) } });
      }
      await make(run);
      return presentRun({ ...run, done: true });
    },

    /** Runs that a process died over. Safe to run twice and on two nodes at once. */
    async finishRuns(): Promise<number> {
      const stuck = await store.unfinishedRuns(new Date(clock.now().getTime() - STUCK_MS));
      for (const run of stuck) {
        const lot = await lotOf(run.lot);
        const room = await store.reserve(
          run.lot,
          { id: run._id, qty: run.qty },
          lot.received + lot.adjusted + lot.moved,
        );
        if (room) await make(run);
        else await store.removeRun(run._id);
      }
      return stuck.length;
    },

    runsOf: async (lot: string): Promise<Run[]> => (await store.runsOf(lot)).map(presentRun),

    /** Codes that may still be given out. */
    async unlabelled(lotId: string): Promise<number> {
      const lot = await lotOf(lotId);
      const labelled = (await store.card(lotId))?.labelled ?? 0;
      return Math.max(0, lot.received + lot.adjusted + lot.moved - labelled);
    },

    /** The codes of a run in the order in which they are printed, worked out one by one. */
    async serialsOf(runId: string): Promise<Iterable<string>> {
      const run = await store.run(runId);
      if (!run) throw new AppError('not_found');
      return serials(run);
    },

    ofLot: (lot: string): AsyncIterable<Unit> => store.each({ lot }),
    ofRun: (run: string): AsyncIterable<Unit> => store.each({ run }),
    countOf: (lot: string) => store.count({ lot }),
    sums: () => store.sums(),

    /**
     * Puts a unit to a line of an order, as it is scanned at the packing table. Scanned twice it is bound once.
     *
     * @throws AppError `not_found` for an order or line that is not there, `conflict` when others keep being quicker
     */
    async bind(command: BindCommand): Promise<BindOutcome> {
      const read = this.serialIn(command.code);
      if ('typing' in read) return { refused: 'typing' };
      for (let turn = 0; turn < TRIES; turn += 1) {
        const outcome = await tryBind(read.serial, command);
        if (outcome !== 'again') return outcome;
      }
      throw new AppError('conflict');
    },

    /** Takes it out again, before its box is closed. @throws AppError `conflict` when it does not lie ready there */
    async release(command: { serial: string; order: string; by: string }): Promise<Unit> {
      const { serial, order, by } = command;
      const released = await store.release(serial, order, { at: clock.now(), by });
      if (!released) throw new AppError('conflict');
      return released;
    },

    /** A spoiled label, a broken jar: its code is good for nothing any more. @throws AppError `conflict` */
    async revoke(serial: string, by: string): Promise<Unit> {
      const revoked = await store.setState(serial, 'revoked', { at: clock.now(), by });
      if (!revoked) throw new AppError('conflict');
      return revoked;
    },

    /** It came back from its buyer. @throws AppError `conflict` when it was not away */
    async takeBack(serial: string, by: string): Promise<Unit> {
      const back = await store.setState(serial, 'returned', { at: clock.now(), by, free: true });
      if (!back) throw new AppError('conflict');
      return back;
    },

    /** What is bound to an order's lines and in no box yet goes into this one, up to so many of each line. */
    async intoParcel(order: string, parcel: string, items: readonly { line: number; qty: number }[]) {
      const [bound, stowed] = await Promise.all([store.ofOrder(order), cartons.ofOrder(order)]);
      const serialsFor = ({ line, qty }: { line: number; qty: number }) => {
        const ofLine = bound.filter((unit) => unit.line === line);
        const inIt = ofLine.filter((unit) => unit.parcel === parcel).length;
        const lying = ofLine.filter((unit) => unit.parcel === null);
        return chosenFor(
          qty - inIt,
          lying,
          stowed.filter((carton) => carton.line === line),
        );
      };
      const serialsToMove = items.flatMap(serialsFor).map(({ _id }) => _id);
      if (serialsToMove.length > 0) await store.intoParcel(serialsToMove, parcel);
    },
    outOfParcel: (order: string, parcel: string) => store.outOfParcel(order, parcel),

    async parcelMoved(order: string, parcel: string, to: Extract<UnitState, 'shipped' | 'sold'>) {
      await store.moveParcel(order, parcel, to, { at: clock.now(), by: 'parcel' });
    },

    growersOf: async (lot: string): Promise<string[]> => (await store.card(lot))?.growers ?? [],
    setGrowers: (lot: string, growers: readonly string[]) => store.setGrowers(lot, growers),
  };
}

function newUnit(run: RunDoc, at: number): UnitDoc {
  return {
    _id: serialAt(run.seed, at),
    lot: run.lot,
    sku: run.sku,
    run: run._id,
    state: 'commissioned',
    order: null,
    line: null,
    place: null,
    parcel: null,
    since: run.at,
    by: run.by,
  };
}

function* serials({ seed, qty }: RunDoc): Generator<string> {
  for (let at = 0; at < qty; at += 1) yield serialAt(seed, at);
}

/** 160 bits taken to 72.8: every code is as likely as every other, to less than one part in 2^80. */
function serialAt(seed: string, at: number): string {
  const digest = createHmac('sha256', Buffer.from(seed, 'base64url')).update(String(at)).digest();
  let rest = BigInt(`0x${digest.subarray(0, 20).toString('hex')}`);
  const count = BigInt(SIGNS.length);
  let body = '';
  while (body.length < RANDOM_SIGNS) {
    body += SIGNS[Number(rest % count)];
    rest /= count;
  }
  return serialOf(body);
}

function presentRun({ _id, lot, qty, done, at, by }: RunDoc): Run {
  return { id: _id, lot, qty, done, at, by };
}
