import type { ErrorRequestHandler, Request } from 'express';
import { toAppError, type AppError } from '../errors.ts';
import type { Lang } from '../lang.ts';
import type { Log } from '../log.ts';
import type { Translate, Translator } from '../views/index.ts';
import type { Pages } from './pages.ts';

export interface ErrorBody {
  code: string;
  message: string;
  fields?: Record<string, string>;
}

/** What programs and people are told of a failure; its cause stays in the log. */
export function errorBody(error: AppError, translator: Translator, lang: Lang): ErrorBody {
  const t = translator.for(lang);
  const body: ErrorBody = { code: error.code, message: t(`errors.${error.code}`) };
  if (error.fields) body.fields = fieldMessages(error.fields, t, error.values);
  return body;
}

export function fieldMessages(
  fields: Record<string, string>,
  t: Translate,
  values?: Record<string, number | string>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, key]) => [field, t(`errors.fields.${key}`, values)]),
  );
}

/** Programs ask under /api, /payments, or with an Accept that does not name HTML first. */
export function wantsJson(req: Request): boolean {
  if (req.path.startsWith('/api/') || req.path.startsWith('/payments/')) return true;
  return req.accepts(['html', 'json']) === 'json';
}

/** What to say below a failure on its page; nothing where the message says it all. */
function aboutOf({ code, status }: AppError): string | undefined {
  if (status >= 500) return 'broken';
  if (status === 404) return 'lost';
  if (code === 'not_signed_in') return 'signIn';
  return code === 'forbidden' ? 'forbidden' : undefined;
}

/** The one translator of failures for HTTP: JSON for programs, a page for people. */
export function errorHandler(deps: { translator: Translator; pages: Pages; log: Log }): ErrorRequestHandler {
  return async (thrown, req, res, next) => {
    const error = toAppError(thrown);
    const log = deps.log.child({ reqId: req.id });
    if (error.status >= 500) log.error({ err: error.cause ?? error, code: error.code }, 'request failed');
    else if (error.cause) log.debug({ err: error.cause, code: error.code }, 'request refused');
    if (res.headersSent) return next(thrown);

    if (error.retryAfter !== undefined) res.set('Retry-After', String(Math.ceil(error.retryAfter)));
    const lang = req.lang ?? 'zh-CN';
    const body = errorBody(error, deps.translator, lang);
    res.status(error.status);
    if (wantsJson(req)) {
      res.json({ error: body });
      return;
    }
    req.lang = lang;
    try {
      await deps.pages.send(req, res, 'errors/error', {
        title: body.message,
        noIndex: true,
        error: body,
        // A heading ends without a stop.
        heading: body.message.replace(/[。.]$/, ''),
        about: aboutOf(error),
        status: error.status,
        picture: error.status === 404 ? 'brand/lost-path.svg' : 'brand/broken-bridge.svg',
        signIn:
          error.code === 'not_signed_in' ? `/login?next=${encodeURIComponent(req.originalUrl)}` : undefined,
      });
    } catch (err) {
      // Express's own last resort shows the stack.
      log.error({ err }, 'the page of a failure could not be drawn');
      res.type('text').send(`${body.message}\n`);
    }
  };
}
