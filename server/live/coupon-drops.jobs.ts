import type { Job } from '../platform/jobs.ts';
import type { CouponDrops } from './coupon-drops.service.ts';

export function couponDropJobs(drops: CouponDrops): Job[] {
  return [{ name: 'couponDrops.attend', everyMs: 1_000, run: () => drops.attend() }];
}
