export { deskRoutes } from './desk.routes.ts';
export { orderJobs } from './orders.jobs.ts';
export { orderRoutes } from './orders.routes.ts';
export { maskName, type OrderState } from './orders.rules.ts';
export { createOrders, type Order, type Orders } from './orders.service.ts';
export { orderSockets, personRoom } from './orders.sockets.ts';
export { createOrderStore } from './orders.store.ts';
export type { OrderFact } from './orders.facts.ts';
export { placeOrderCommand } from './orders.schema.ts';
