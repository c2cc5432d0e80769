export { answering, type Answering, type SocketPerson } from './answering.ts';
export { createSocketServer, type NewsOf, type SocketServer } from './server.ts';
