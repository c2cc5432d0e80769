import type { Request, Response } from 'express';
import { LANGS } from '../lang.ts';
import type { PageFrame, Renderer } from '../views/index.ts';

export interface PageData {
  title: string;
  /** One or two sentences for search engines and shared links. */
  description?: string;
  /** Absolute or root-relative address of the picture a shared link shows. */
  shareImage?: string;
  /** schema.org objects. */
  structured?: unknown[];
  /** Kept out of search engines. */
  noIndex?: boolean;
  [key: string]: unknown;
}

export interface Pages {
  send(req: Request, res: Response, view: string, data: PageData): Promise<void>;
  html(req: Request, view: string, data: PageData): Promise<string>;
  origin(req: Request): string;
}

/** Puts a domain's data into the frame that every page shares. */
export function createPages(renderer: Renderer, publicUrl: string | undefined, frame: object): Pages {
  function origin(req: Request): string {
    return publicUrl ?? `${req.protocol}://${req.headers.host ?? 'localhost'}`;
  }

  function frameOf(req: Request, data: PageData): PageFrame {
    const url = new URL(URL.canParse(req.originalUrl, 'http://x') ? req.originalUrl : '/', 'http://x');
    url.searchParams.delete('lang');
    // Two slashes at the front would make a link of it that leads to another host.
    const path = url.pathname.replace(/^\/+/, '/') + url.search;
    const site = origin(req);
    const joiner = url.search ? '&' : '?';
    return {
      ...frame,
      lang: req.lang,
      path,
      origin: site,
      canonical: site + path + (req.lang === LANGS[0] ? '' : `${joiner}lang=${req.lang}`),
      alternates: LANGS.map((lang) => ({
        lang,
        active: lang === req.lang,
        href: `${path}${joiner}lang=${lang}`,
        absolute: `${site}${path}${joiner}lang=${lang}`,
      })),
      defaultAlternate: site + path,
      ...data,
      ...(data.shareImage?.startsWith('/') ? { shareImage: site + data.shareImage } : {}),
    };
  }

  const pages: Pages = {
    origin,
    html: (req, view, data) => renderer.page(view, frameOf(req, data)),
    async send(req, res, view, data) {
      const html = await pages.html(req, view, data);
      res.set('Cache-Control', 'private, no-cache').type('html').send(html);
    },
  };
  return pages;
}
