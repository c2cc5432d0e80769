import { z } from 'zod';
import { sku } from '../catalog/index.ts';

const pieces = z.int('qty_range').min(0, 'qty_range').max(99, 'qty_range');

/** Sets how many pieces of something lie in the cart; 0 takes it out. */
export const cartItemCommand = z.strictObject({ sku, qty: pieces });

const formPieces = z.coerce.number('qty_range').pipe(pieces);

/** From a product's page, where the rest of its form comes along: adds. */
export const addToCartForm = z.object({ sku, qty: formPieces.pipe(z.int().min(1, 'qty_range')).default(1) });

/** From the cart's page: sets, or takes out by its button. */
export const cartLineForm = z.object({ qty: formPieces.default(0), remove: z.literal('1').optional() });
