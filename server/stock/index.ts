export { allocate, type Allocation, type LineLots, type Take, type Wanted } from './allocation.rules.ts';
export { isBalanced, sumLedger, type Movement } from './ledger.rules.ts';
export { addDays } from './stock.rules.ts';
export { receiveLotCommand } from './stock.schema.ts';
export { createStock, type Lot, type LotMove, type Stock } from './stock.service.ts';
export { createStockStore } from './stock.store.ts';
export { stockJobs } from './stock.jobs.ts';
