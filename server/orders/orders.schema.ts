import { z } from 'zod';
import { sku } from '../catalog/index.ts';
import { couponCode } from './coupons.schema.ts';
import { ORDER_GROUPS, type OrderGroup } from './orders.rules.ts';

/** Minted by the browser (or with the form): the same tap sent twice is one order. */
export const clickId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');

/** Which orders of one's own to see; all of them for whatever is not a group. */
export const orderListQuery = z.object({
  show: z
    .enum(Object.keys(ORDER_GROUPS) as [OrderGroup, ...OrderGroup[]])
    .optional()
    .catch(undefined),
});

export const publicCode = z.string().regex(/^[0-9A-Za-z]{6,24}$/);

export const liveId = z.string().regex(/^[0-9A-Za-z-]{3,64}$/);

const qty = z.int().min(1, 'qty_range').max(99, 'qty_range');

export const placeOrderCommand = z.strictObject({
  clickId,
  liveId: liveId.optional(),
  lines: z
    .array(z.strictObject({ sku, qty, offerId: publicCode.optional() }))
    .min(1)
    .max(50)
    .refine((lines) => new Set(lines.map((line) => line.sku)).size === lines.length, 'sku_twice'),
});
export type PlaceOrderCommand = z.infer<typeof placeOrderCommand>;

/** The same from the room's socket: one product. */
export const placeInLiveCommand = z.strictObject({
  clickId,
  liveId,
  sku,
  qty: qty.default(1),
  offerId: publicCode.optional(),
  /** One that the buyer holds. */
  coupon: couponCode.optional(),
});

export const formQty = z.coerce.number().pipe(qty);

/** The same from a form, where everything is text and an empty field is nothing. */
export const placeOrderForm = z.object({
  clickId,
  liveId: z.preprocess((value) => (value === '' ? undefined : value), liveId.optional()),
  offerId: z.preprocess((value) => (value === '' ? undefined : value), publicCode.optional()),
  sku,
  qty: formQty.default(1),
});

export const waitCommand = z.strictObject({
  sku,
  qty: z.int().min(1).max(5, 'wait_qty').default(1),
  liveId: liveId.optional(),
});

/** From a product's page or one's own list; `on` is what it shall be, so that a repeated tap does not undo itself. */
export const waitForm = z.object({
  sku,
  on: z.enum(['0', '1']).transform((value) => value === '1'),
});
