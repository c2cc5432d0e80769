import type { RequestHandler } from 'express';
import { DEFAULT_LANG, isLang, type Lang } from '../lang.ts';

declare module 'express-serve-static-core' {
  interface Request {
    lang: Lang;
  }
}

const COOKIE = 'lang';
const YEAR_MS = 365 * 24 * 3600 * 1000;

/** The reader's language: `?lang=` (remembered in a cookie), else the cookie, else Chinese. */
export function language(secure: boolean): RequestHandler {
  return (req, res, next) => {
    // Express parses the query whenever it is asked for it, and most addresses have none.
    const asked = req.url.includes('?') ? req.query['lang'] : undefined;
    if (isLang(asked)) {
      req.lang = asked;
      res.cookie(COOKIE, asked, { maxAge: YEAR_MS, sameSite: 'lax', httpOnly: true, secure });
    } else {
      req.lang = langFromCookies(req.headers.cookie);
    }
    next();
  };
}

export function langFromCookies(cookies: string | undefined): Lang {
  const value = cookies === undefined ? undefined : /(?:^|;\s*)lang=([\w-]+)/.exec(cookies)?.[1];
  return isLang(value) ? value : DEFAULT_LANG;
}
