import {
  cashierKeys,
  createCashier,
  createCashierStore,
  createGateway,
  createInboxStore,
  createPayments,
  createPaymentStore,
} from '../payments/index.ts';
import type { Ground } from './platform.ts';

export type PaymentServices = ReturnType<typeof wirePayments>;

/** Without Stripe's keys a test cashier stands in for it, by the same HTTP API at an address of our own. */
export function wirePayments({ config, db, clock, log, secret }: Ground) {
  const stripe = config.stripeSecretKey
    ? { apiKey: config.stripeSecretKey, webhookSecret: config.stripeWebhookSecret ?? '' }
    : cashierKeys(secret);
  const cashier = config.stripeSecretKey
    ? undefined
    : createCashier({ store: createCashierStore(db), clock, log, ...stripe });
  const payments = createPayments({
    ...{
      store: createPaymentStore(db),
      inbox: createInboxStore(db),
      gateway: createGateway(stripe),
      clock,
      log,
    },
    browser: cashier
      ? { kind: 'cashier' }
      : { kind: 'stripe', publishableKey: config.stripePublishableKey ?? '' },
  });
  if (!cashier) payments.connect(config.stripeApiBase);
  return { payments, cashier };
}
