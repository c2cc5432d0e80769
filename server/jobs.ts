import { accountJobs } from './accounts/index.ts';
import { catalogJobs } from './catalog/index.ts';
import type { Context } from './context.ts';
import { drawJobs } from './draws/index.ts';
import { completionJobs, couponJobs, orderJobs, orderMailJobs } from './orders/index.ts';
import { couponDropJobs, evidenceJobs, moderationJobs, reminderJobs } from './live/index.ts';
import type { Job } from './platform/jobs.ts';
import { cashierJobs, paymentJobs } from './payments/index.ts';
import { mailJobs } from './platform/mail/index.ts';
import { stockJobs } from './stock/index.ts';
import { recordingJobs } from './video/index.ts';
import { recallJobs, traceJobs } from './trace/index.ts';

/** Every timer of the shop. */
export function allJobs(ctx: Context): Job[] {
  return [
    ...couponJobs(ctx.coupons),
    ...orderJobs(ctx.orders, ctx.offers),
    ...completionJobs(ctx.completion),
    ...stockJobs(ctx.stock, ctx.lots),
    ...paymentJobs(ctx.payments),
    ...(ctx.cashier ? cashierJobs(ctx.cashier) : []),
    ...traceJobs(ctx),
    ...recallJobs(ctx.recalls),
    ...catalogJobs(ctx.catalog, ctx.certificates),
    ...accountJobs(ctx.accounts),
    ...reminderJobs(ctx.reminders),
    ...evidenceJobs(ctx.evidence),
    ...couponDropJobs(ctx.couponDrops),
    ...moderationJobs(ctx.moderation),
    ...recordingJobs(ctx.recordings),
    ...drawJobs(ctx.draws, ctx.drawAwards),
    ...orderMailJobs(ctx.orderMails),
    ...mailJobs(ctx.outbox, ctx.mailSender),
    {
      name: 'sessions.removeExpired',
      everyMs: 10 * 60_000,
      run: async () => void (await ctx.sessions.removeExpired(ctx.clock.now())),
    },
  ];
}
