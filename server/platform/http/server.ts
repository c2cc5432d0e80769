import type { Express } from 'express';
import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';

/**
 * An HTTP server for an Express app whose requests and responses are born with the app's prototypes.
 *
 * Express sets both prototypes on every request, which costs most of its own time (expressjs/express issue 5998).
 * Here that call finds nothing to change, and a bare handler answers about three times as often. They must be
 * classes: for a plain function whose prototype was put in afterwards, V8 makes a new shape at every request.
 */
export function createHttpServer(app: Express): Server {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage> extends ServerResponse<Request> {}
  app.request = between(AppRequest.prototype, app.request);
  app.response = between(AppResponse.prototype, app.response);
  const server = createServer({ IncomingMessage: AppRequest, ServerResponse: AppResponse }, app);
  // A phone on a bad line needs time; a slow-loris must still end.
  server.headersTimeout = 20_000;
  server.requestTimeout = 120_000;
  return server;
}

/** The class's prototype, with everything that Express gives its own. */
function between<T extends object>(own: object, given: T): T {
  return Object.setPrototypeOf(own, given) as T;
}
