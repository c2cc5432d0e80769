import type { Catalog } from '../catalog/index.ts';
import type { Stock } from '../stock/index.ts';
import { gtin14, readLink } from './codes.rules.ts';
import type { Signing } from './signing.service.ts';
import type { Unit } from './units.service.ts';

export type PrintFault = 'forged' | 'altered' | 'revoked_key';

/** Whether what is printed on a label is what was signed, for the unit that it names. */
export function createPrintCheck(deps: { signing: Signing; stock: Stock; catalog: Catalog }) {
  const { signing, stock, catalog } = deps;

  return async function check(text: string, unit: Unit | null): Promise<PrintFault | undefined> {
    const link = readLink(text);
    if ('fault' in link || link.signature === undefined) return undefined;
    const seal = await signing.verdict(link.identity, link.signature);
    if (seal === 'forged' || seal === 'unknown_key') return 'forged';
    if (seal === 'revoked_key') return seal;
    if (seal === 'altered') return 'altered';
    if (!unit) return undefined;
    const [lot] = await stock.lots([unit.lot]);
    const gtin = (await catalog.sellables([unit.sku])).get(unit.sku)?.variant.gtin;
    const same = lot?.code === link.identity.lot && gtin !== undefined && gtin14(gtin) === link.identity.gtin;
    return same ? undefined : 'altered';
  };
}
