export {
  cashierApi,
  cashierJobs,
  cashierKeys,
  cashierPages,
  createCashier,
  createCashierStore,
  signatureOf,
  type Cashier,
} from './cashier/index.ts';
export { createGateway } from './gateway.service.ts';
export { paymentJobs } from './payments.jobs.ts';
export { paymentWebhook, stripeSources, WEBHOOK_PATH } from './payments.routes.ts';
export type {
  BrowserConfig,
  OpenPayment,
  PaymentEvent,
  PaymentRequest,
  PaymentView,
  RefundRequest,
} from './payments.rules.ts';
export { createPayments, type Payments } from './payments.service.ts';
export { createInboxStore, createPaymentStore } from './payments.store.ts';
