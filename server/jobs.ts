import { accountJobs } from './accounts/index.ts';
import { catalogJobs } from './catalog/index.ts';
import type { Context } from './context.ts';
import { couponJobs, orderJobs, orderMailJobs } from './orders/index.ts';
import type { Job } from './platform/jobs.ts';
import { cashierJobs, paymentJobs } from './payments/index.ts';
import { mailJobs } from './platform/mail/index.ts';
import { stockJobs } from './stock/index.ts';

/** Every timer of the shop. */
export function allJobs(ctx: Context): Job[] {
  return [
    ...couponJobs(ctx.coupons),
    ...orderJobs(ctx.orders, ctx.offers),
    ...stockJobs(ctx.stock),
    ...paymentJobs(ctx.payments),
    ...(ctx.cashier ? cashierJobs(ctx.cashier) : []),
    ...catalogJobs(ctx.catalog),
    ...accountJobs(ctx.accounts),
    ...orderMailJobs(ctx.orderMails),
    ...mailJobs(ctx.outbox, ctx.mailSender),
    {
      name: 'sessions.removeExpired',
      everyMs: 10 * 60_000,
      run: async () => void (await ctx.sessions.removeExpired(ctx.clock.now())),
    },
  ];
}
