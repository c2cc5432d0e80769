export { figureRoutes } from './figures.routes.ts';
export { createFigures, type Figures } from './figures.service.ts';
export { figureSockets } from './figures.sockets.ts';
export { createFigureStore } from './figures.store.ts';
