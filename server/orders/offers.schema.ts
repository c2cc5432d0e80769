import { z } from 'zod';
import { sku } from '../catalog/index.ts';

/** Most pieces of one offer: its takes are kept in one document, which decides them exactly. */
export const MAX_OFFER_PIECES = 2_000;

export const openOfferCommand = z.strictObject({
  liveId: z.string().regex(/^[0-9A-Za-z-]{3,64}$/),
  sku,
  price: z.strictObject({ amount: z.int().min(1).max(100_000_000), currency: z.literal('CNY') }),
  quantity: z.int().min(1).max(MAX_OFFER_PIECES),
  perBuyer: z.int().min(1).max(99),
  seconds: z.int().min(5).max(3_600),
  countdown: z.int().min(0).max(300).default(0),
});
export type OpenOfferCommand = z.infer<typeof openOfferCommand>;

export const offerRef = z.strictObject({
  liveId: z.string().regex(/^[0-9A-Za-z-]{3,64}$/),
  offerId: z.string().regex(/^[0-9A-Za-z]{6,24}$/),
});
