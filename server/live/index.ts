export { livePages, liveRoutes, type LiveRouteDeps } from './live.routes.ts';
export { createLives, type Live, type Lives } from './live.service.ts';
export { liveSockets } from './live.sockets.ts';
export { offerSockets } from './offers.sockets.ts';
export { createLiveStore } from './live.store.ts';
export { createRails, type Rails } from './room.service.ts';
export { createRooms, type Rooms } from './room.sockets.ts';
