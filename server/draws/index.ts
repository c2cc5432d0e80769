export { createAwards, type Awards } from './awards.service.ts';
export { drawJobs } from './draws.jobs.ts';
export { drawRoutes } from './draws.routes.ts';
export { createDraws, type Draw, type Draws } from './draws.service.ts';
export { drawSockets } from './draws.sockets.ts';
export { createDrawStore } from './draws.store.ts';
export { createEntries, type Entries } from './entries.service.ts';
export { createDrawMails, type DrawMails } from './mails.service.ts';
