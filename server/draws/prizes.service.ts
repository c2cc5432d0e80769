import type { Catalog } from '../catalog/index.ts';
import { AppError } from '../platform/errors.ts';
import { MOST_WORTH_FEN, type DrawPrize } from './draws.rules.ts';
import type { OpenDrawCommand } from './draws.schema.ts';

/**
 * What there is to win, with names and worth as they are now.
 *
 * @throws AppError `not_found` for what nobody sells, `invalid` for a prize that is worth too much
 */
export async function prizesOf(catalog: Catalog, command: OpenDrawCommand): Promise<DrawPrize[]> {
  const sellables = await catalog.sellables(command.prizes.map(({ sku }) => sku));
  return command.prizes.map(({ sku, qty, winners }) => {
    const sellable = sellables.get(sku);
    if (!sellable) throw new AppError('not_found');
    const { product, variant } = sellable;
    const worthFen = variant.priceFen * qty;
    if (worthFen > MOST_WORTH_FEN) throw new AppError('invalid', { fields: { prizes: 'prize_too_big' } });
    return { sku, qty, winners, name: product.name, variant: variant.name, image: product.image, worthFen };
  });
}
