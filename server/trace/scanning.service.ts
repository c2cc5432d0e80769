import type { Orders, Order } from '../orders/index.ts';
import { owed } from '../orders/index.ts';
import { AppError } from '../platform/errors.ts';
import type { Stock } from '../stock/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { CartonDoc } from './cartons.model.ts';
import { createPrintCheck, type PrintFault } from './print-check.service.ts';
import type { Signing } from './signing.service.ts';
import { isSscc, readSscc } from './sscc.rules.ts';
import type { Stowing, StowRefusal } from './stowing.service.ts';
import type { BindRefusal } from './units.rules.ts';
import type { Unit, Units } from './units.service.ts';

export type Scanning = ReturnType<typeof createScanning>;

export type ScanRefusal =
  BindRefusal | StowRefusal | PrintFault | 'wrong_product' | 'not_now' | 'another_desk';

export type ScanOutcome =
  | { unit: Unit; line: number; again: boolean }
  | { carton: CartonDoc; line: number; again: boolean }
  | { refused: ScanRefusal };

/** Whose table it is. */
export interface Packer {
  id: string;
  cooperative: string;
}

/** States in which pieces may be put to an order's lines. */
const SCANNABLE: readonly Order['state'][] = ['paid', 'packing', 'partly_refunded'];

/** Scanning pieces at the packing table: each code finds its line by itself. Shops without labels never come here. */
export function createScanning(deps: {
  units: Units;
  stowing: Stowing;
  signing: Signing;
  orders: Orders;
  stock: Stock;
  catalog: Catalog;
}) {
  const { units, stowing, orders } = deps;
  const checkPrint = createPrintCheck(deps);

  /** To a desk without a line in it, an order does not exist. @throws AppError `not_found` */
  async function orderFor(code: string, by: Packer): Promise<Order> {
    const order = await orders.byCode(code);
    if (!order?.cooperatives.includes(by.cooperative)) throw new AppError('not_found');
    return order;
  }

  /** Lines of this desk that the unit could go to, those with room first. */
  async function linesFor(order: Order, unit: Unit, by: Packer): Promise<number[]> {
    const bound = await units.ofOrder(order._id);
    const room = (line: number) => owed(order, line) - bound.filter((one) => one.line === line).length;
    return ownLines(order, unit.sku, by).filter(
      (line) => room(line) > 0 || bound.some((one) => one._id === unit._id && one.line === line),
    );
  }

  const ownLines = (order: Order, sku: string, by: Packer) =>
    order.lines.flatMap((line, at) => (line.sku === sku && line.cooperative === by.cooperative ? [at] : []));

  /** Whether this desk has such a thing to put to the order at all. */
  function strangeness(order: Order, sku: string, by: Packer): 'wrong_product' | 'another_desk' | undefined {
    if (!order.lines.some((line) => line.sku === sku)) return 'wrong_product';
    return ownLines(order, sku, by).length === 0 ? 'another_desk' : undefined;
  }

  async function scanCarton(order: Order, sscc: string, by: Packer): Promise<ScanOutcome> {
    const carton = await stowing.byId(sscc);
    if (!carton) return { refused: 'unknown' };
    const strange = strangeness(order, carton.sku, by);
    if (strange) return { refused: strange };
    if (carton.state === 'stowed' && carton.order === order._id) {
      return { carton, line: carton.line ?? 0, again: true };
    }
    let refused: ScanRefusal = 'too_many';
    for (const line of ownLines(order, carton.sku, by)) {
      const outcome = await stowing.stow({ sscc, order, line, by: by.id });
      if ('carton' in outcome) return { ...outcome, line };
      refused = outcome.refused;
      if (refused !== 'too_many' && refused !== 'wrong_lot') break;
    }
    return { refused };
  }

  return {
    /** Units and whole cartons at an order's lines. @throws AppError `not_found` */
    async ofOrder(code: string, by: Packer): Promise<{ order: Order; units: Unit[]; cartons: CartonDoc[] }> {
      const order = await orderFor(code, by);
      const [bound, cartons] = await Promise.all([units.ofOrder(code), stowing.ofOrder(code)]);
      return { order, units: bound, cartons: cartons.filter(({ state }) => state === 'stowed') };
    },

    /**
     * Puts what was scanned to the order. Scanned twice, it is there once.
     *
     * @throws AppError `not_found` for an order that is not this desk's
     */
    async scan(code: string, text: string, by: Packer): Promise<ScanOutcome> {
      const order = await orderFor(code, by);
      if (!SCANNABLE.includes(order.state)) return { refused: 'not_now' };
      const carton = readSscc(text);
      if (carton) return 'typing' in carton ? { refused: 'typing' } : scanCarton(order, carton.sscc, by);
      const read = units.serialIn(text);
      if ('typing' in read) return { refused: 'typing' };
      const unit = await units.byCode(read.serial);
      const seal = await checkPrint(text, unit);
      if (seal) return { refused: seal };
      if (!unit) return { refused: 'unknown' };
      const strange = strangeness(order, unit.sku, by);
      if (strange) return { refused: strange };
      let refused: ScanRefusal = 'too_many';
      for (const line of await linesFor(order, unit, by)) {
        const outcome = await units.bind({ code: unit._id, order: code, line, by: by.id });
        if ('unit' in outcome) return { ...outcome, line };
        refused = outcome.refused;
        if (refused !== 'too_many' && refused !== 'wrong_lot') break;
      }
      return { refused };
    },

    /**
     * Takes a unit or a whole carton out again.
     *
     * @throws AppError `not_found`, `conflict` when its box is closed, it is not there, or it came in a carton
     */
    async undo(code: string, number: string, by: Packer): Promise<void> {
      const order = await orderFor(code, by);
      const isCarton = isSscc(number);
      const [bound, carton] = await Promise.all([
        units.ofOrder(code),
        isCarton ? stowing.byId(number) : stowing.holding(number),
      ]);
      const unit = bound.find(({ _id }) => _id === number);
      const line = (isCarton ? carton?.order === code && carton.line : unit?.line) ?? -1;
      if (order.lines[Number(line)]?.cooperative !== by.cooperative) throw new AppError('not_found');
      if (isCarton) return stowing.unstow({ sscc: number, order: code, by: by.id });
      const came = carton?.state === 'stowed' && carton.order === code ? carton : undefined;
      // A carton goes as a whole, until some of it lies in a closed box: then it has been opened.
      const opened = bound.some(({ _id, parcel }) => parcel !== null && came?.units.includes(_id));
      if (came && !opened) throw new AppError('conflict');
      await units.release({ serial: number, order: code, by: by.id });
      if (came) await stowing.letGo(number);
    },
  };
}
