import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import { newCode } from '../ids.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';

/** One line per request with its id; addresses of codes and queries stay, cookies and bodies never get in. */
export function accessLog(log: Log): RequestHandler {
  return pinoHttp({
    logger: log,
    genReqId: (_req, res) => {
      const id = newCode();
      res.setHeader('X-Request-Id', id);
      return id;
    },
    autoLogging: { ignore: (req) => req.url === '/healthz' || req.url === '/metrics' },
    quietReqLogger: true,
    customLogLevel: (_req, res, err) => {
      if (err || res.statusCode >= 500) return 'error';
      return res.statusCode >= 400 ? 'info' : 'debug';
    },
    serializers: {
      req: (req: { id: string; method: string; url: string }) => ({
        id: req.id,
        method: req.method,
        url: req.url,
      }),
      res: (res: { statusCode: number }) => ({ status: res.statusCode }),
    },
  }) as RequestHandler;
}

/** Times by route pattern, never by address: label values must not grow with the catalog. */
export function timing(metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const end = metrics.httpSeconds.startTimer();
    res.on('finish', () => {
      const route = (req.route as { path?: string } | undefined)?.path ?? 'other';
      end({ method: req.method, route: String(route), status: String(res.statusCode) });
    });
    next();
  };
}
