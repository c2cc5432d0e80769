export { cashierApi } from './api.routes.ts';
export { cashierJobs } from './cashier.jobs.ts';
export { cashierKeys, createCashier, type Cashier } from './cashier.service.ts';
export { createCashierStore } from './cashier.store.ts';
export { signatureOf } from './courier.service.ts';
export { cashierPages } from './page.routes.ts';
