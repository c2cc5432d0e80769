import { z } from 'zod';

const amount = z.coerce.number().int().min(1).max(99_999_999);
const metadata = z.record(z.string().max(40), z.string().max(500)).default({});
const page = {
  limit: z.coerce.number().int().min(1).max(100).default(10),
  starting_after: z.string().optional(),
  created: z.strictObject({ gte: z.coerce.number().int() }).optional(),
};

/** The parameters that this peer knows; any other is refused, as Stripe refuses what it does not know. */
export const createIntentParams = z.strictObject({
  amount,
  currency: z.literal('cny'),
  automatic_payment_methods: z.strictObject({ enabled: z.literal('true') }).optional(),
  description: z.string().max(1000).optional(),
  metadata,
});

export const confirmParams = z.strictObject({
  payment_method: z.string(),
  return_url: z.string().optional(),
});
export const cancelParams = z.strictObject({
  cancellation_reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']).optional(),
});

export const refundParams = z.strictObject({
  payment_intent: z.string(),
  amount: amount.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata,
});

export const listIntentsParams = z.strictObject(page);
export const listRefundsParams = z.strictObject({ ...page, payment_intent: z.string().optional() });
export const listEventsParams = z.strictObject({
  ...page,
  type: z.string().optional(),
  types: z
    .record(z.string(), z.string())
    .transform((types) => Object.values(types))
    .optional(),
  delivery_success: z.enum(['true', 'false']).optional(),
});
export const noParams = z.strictObject({});

export type ListParams = z.infer<typeof listIntentsParams>;
export type ListEventsParams = z.infer<typeof listEventsParams>;
export type ListRefundsParams = z.infer<typeof listRefundsParams>;
