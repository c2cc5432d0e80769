import type { Orders, Order } from '../orders/index.ts';
import { owed } from '../orders/index.ts';
import { AppError } from '../platform/errors.ts';
import type { Stock } from '../stock/index.ts';
import { gtin14, readLink } from './codes.rules.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Signing } from './signing.service.ts';
import type { BindRefusal } from './units.rules.ts';
import type { Unit, Units } from './units.service.ts';

export type Scanning = ReturnType<typeof createScanning>;

export type ScanRefusal = BindRefusal | 'forged' | 'altered' | 'wrong_product' | 'not_now' | 'another_desk';

export type ScanOutcome = { unit: Unit; line: number; again: boolean } | { refused: ScanRefusal };

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
  signing: Signing;
  orders: Orders;
  stock: Stock;
  catalog: Catalog;
}) {
  const { units, signing, orders, stock, catalog } = deps;

  /** To a desk without a line in it, an order does not exist. @throws AppError `not_found` */
  async function orderFor(code: string, by: Packer): Promise<Order> {
    const order = await orders.byCode(code);
    if (!order?.cooperatives.includes(by.cooperative)) throw new AppError('not_found');
    return order;
  }

  /** Whether what is printed is what was signed, for the unit that it names. */
  async function sealOf(text: string, unit: Unit | null): Promise<'forged' | 'altered' | undefined> {
    const link = readLink(text);
    if ('fault' in link || link.signature === undefined) return undefined;
    const seal = await signing.verdict(link.identity, link.signature);
    if (seal === 'forged' || seal === 'unknown_key' || seal === 'revoked_key') return 'forged';
    if (seal === 'altered') return 'altered';
    if (!unit) return undefined;
    const [lot] = await stock.lots([unit.lot]);
    const gtin = (await catalog.sellables([unit.sku])).get(unit.sku)?.variant.gtin;
    const same = lot?.code === link.identity.lot && gtin !== undefined && gtin14(gtin) === link.identity.gtin;
    return same ? undefined : 'altered';
  }

  /** Lines of this desk that the unit could go to, those with room first. */
  async function linesFor(order: Order, unit: Unit, by: Packer): Promise<number[]> {
    const bound = await units.ofOrder(order._id);
    const room = (line: number) => owed(order, line) - bound.filter((one) => one.line === line).length;
    return order.lines
      .flatMap(({ sku, cooperative }, line) =>
        sku === unit.sku && cooperative === by.cooperative ? [line] : [],
      )
      .filter((line) => room(line) > 0 || bound.some((one) => one._id === unit._id && one.line === line));
  }

  return {
    /** Units at an order's lines. @throws AppError `not_found` */
    async ofOrder(code: string, by: Packer): Promise<{ order: Order; units: Unit[] }> {
      const order = await orderFor(code, by);
      return { order, units: await units.ofOrder(code) };
    },

    /**
     * Puts what was scanned to the order. Scanned twice, it is there once.
     *
     * @throws AppError `not_found` for an order that is not this desk's
     */
    async scan(code: string, text: string, by: Packer): Promise<ScanOutcome> {
      const order = await orderFor(code, by);
      if (!SCANNABLE.includes(order.state)) return { refused: 'not_now' };
      const read = units.serialIn(text);
      if ('typing' in read) return { refused: 'typing' };
      const unit = await units.byCode(read.serial);
      const seal = await sealOf(text, unit);
      if (seal) return { refused: seal };
      if (!unit) return { refused: 'unknown' };
      const fitting = order.lines.filter(({ sku }) => sku === unit.sku);
      if (fitting.length === 0) return { refused: 'wrong_product' };
      if (!fitting.some(({ cooperative }) => cooperative === by.cooperative))
        return { refused: 'another_desk' };
      let refused: ScanRefusal = 'too_many';
      for (const line of await linesFor(order, unit, by)) {
        const outcome = await units.bind({ code: unit._id, order: code, line, by: by.id });
        if ('unit' in outcome) return { ...outcome, line };
        refused = outcome.refused;
        if (refused !== 'too_many' && refused !== 'wrong_lot') break;
      }
      return { refused };
    },

    /** Takes it out again. @throws AppError `not_found`, `conflict` when its box is closed or it is not there */
    async undo(code: string, serial: string, by: Packer): Promise<Unit> {
      const order = await orderFor(code, by);
      const unit = (await units.ofOrder(code)).find(({ _id }) => _id === serial);
      const line = unit?.line === null || unit === undefined ? undefined : order.lines[unit.line];
      if (line?.cooperative !== by.cooperative) throw new AppError('not_found');
      return units.release({ serial, order: code, by: by.id });
    },
  };
}
