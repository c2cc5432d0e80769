import type { Job } from '../platform/jobs.ts';
import type { Coupons } from './coupons.service.ts';

export function couponJobs(coupons: Coupons): Job[] {
  return [{ name: 'coupons.forgetVoids', everyMs: 10 * 60_000, run: () => coupons.forgetVoids() }];
}
