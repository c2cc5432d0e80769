import { z } from 'zod';
import { addressId, province } from '../accounts/index.ts';
import { sku } from '../catalog/index.ts';
import type { Shown } from './checkout.rules.ts';
import { clickId, formQty, liveId, publicCode } from './orders.schema.ts';

const empty = (value: unknown) => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(empty, schema.optional());

const skus = z.preprocess(
  (value) => (value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]),
  z.array(sku).max(50),
);

/** What is to be bought: one thing (`sku`), or the cart, all of it or the chosen lines (`pick`). */
export const checkoutQuery = z.object({
  sku: optional(sku),
  qty: formQty.default(1),
  live: optional(liveId),
  offer: optional(publicCode),
  pick: skus,
});
export type CheckoutAsked = z.infer<typeof checkoutQuery>;

const shownText = z
  .string()
  .max(8_000)
  .transform((text): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined; // nobody has seen anything: the page comes back
    }
  });

const fen = z.int().min(0).max(10_000_000_000);
const shown: z.ZodType<Shown> = z.strictObject({
  lines: z.array(z.strictObject({ sku, qty: z.int(), priceFen: fen })).max(50),
  discountFen: fen,
  shippingFen: fen.nullable(),
  totalFen: fen,
});

/** Everything on the page besides the address's own fields; working out the sum needs no more. */
export const checkoutForm = checkoutQuery.extend({
  clickId,
  /** An address of the book, or `new` for the fields below. */
  addressId: z
    .union([z.literal('new'), addressId])
    .catch('new')
    .default('new'),
  province: z.preprocess(empty, province.optional()).catch(undefined),
  coupon: z.string().max(60).catch('').default(''),
  shown: shownText.pipe(shown.optional()).catch(undefined),
  intent: z.enum(['place', 'quote']).catch('quote').default('place'),
});
export type CheckoutForm = z.infer<typeof checkoutForm>;

/** What only placing needs. */
export const placeExtras = z.object({
  note: z.string().trim().max(300, 'too_long').default(''),
  email: optional(z.string().trim().max(200, 'too_long').pipe(z.email('email_shape'))),
});

export const deliveryForm = z.object({
  addressId: z
    .union([z.literal('new'), addressId])
    .catch('new')
    .default('new'),
});
