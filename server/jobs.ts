import { accountJobs } from './accounts/index.ts';
import { catalogJobs } from './catalog/index.ts';
import type { Context } from './context.ts';
import { orderJobs } from './orders/index.ts';
import type { Job } from './platform/jobs.ts';
import { stockJobs } from './stock/index.ts';

/** Every timer of the shop. */
export function allJobs(ctx: Context): Job[] {
  return [
    ...orderJobs(ctx.orders, ctx.offers),
    ...stockJobs(ctx.stock),
    ...catalogJobs(ctx.catalog),
    ...accountJobs(ctx.accounts),
    {
      name: 'sessions.removeExpired',
      everyMs: 10 * 60_000,
      run: async () => void (await ctx.sessions.removeExpired(ctx.clock.now())),
    },
  ];
}
