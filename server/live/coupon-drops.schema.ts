import { z } from 'zod';
import { couponCode } from '../orders/index.ts';
import { MOST_PIECES } from './coupon-drops.rules.ts';
import { liveId } from './live.schema.ts';

const dropId = z.string().regex(/^[0-9A-Za-z]{6,24}$/);

export const dropLiveRef = z.strictObject({ liveId });
export const dropRef = z.strictObject({ liveId, dropId });

export const dropCouponCommand = z.strictObject({
  liveId,
  coupon: couponCode,
  quantity: z.int().min(1, 'count_range').max(MOST_PIECES, 'count_range'),
  /** How long it can be taken, after a countdown of so many seconds. */
  seconds: z.int().min(5).max(3_600),
  countdown: z.int().min(0).max(300).default(5),
});
export type DropCouponCommand = z.infer<typeof dropCouponCommand>;
