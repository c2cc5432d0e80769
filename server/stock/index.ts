export {
  allocate,
  leftOver,
  piecesOn,
  type Allocation,
  type LineLots,
  type Shelf,
  type Take,
  type Wanted,
} from './allocation.rules.ts';
export { isBalanced, sumLedger, type Movement } from './ledger.rules.ts';
export { addDays } from './stock.rules.ts';
export { receiveLotCommand } from './stock.schema.ts';
export { createStock, type Lot, type LotMove, type Stock } from './stock.service.ts';
export { createStockStore } from './stock.store.ts';
export { stockJobs } from './stock.jobs.ts';
export { createLots, type Lots } from './lots.service.ts';
export { createLotStore } from './lots.store.ts';
export type { Member } from './stock.policy.ts';
export { stockRoutes } from './stock.routes.ts';
export type { OrdersBehind } from './stock.view.ts';
export { createRecalling, type Recalling } from './recalling.service.ts';
