import { create } from 'express-handlebars';
import Handlebars, { type HelperOptions } from 'handlebars';
import { join } from 'node:path';
import type { Lang } from '../lang.ts';
import { formatMoney, type Money } from '../money.ts';
import type { Assets } from './assets.ts';
import { formatDate, formatWeight, type DateStyle } from './format.ts';
import type { Translator } from './i18n.ts';

/** What every page carries besides its own data. */
export interface PageFrame {
  lang: Lang;
  /** Path and query without `lang`, for the language switch and canonical links. */
  path: string;
  origin: string;
  [key: string]: unknown;
}

export interface Renderer {
  /** A page of `views/` in its layout, as HTML. */
  page(view: string, data: PageFrame & { layout?: string | false }): Promise<string>;
}

export function createRenderer(root: string, translator: Translator, assets: Assets): Renderer {
  const views = join(root, 'views');
  const handlebars = create({
    extname: '.hbs',
    defaultLayout: 'main',
    layoutsDir: join(views, 'layouts'),
    partialsDir: join(views, 'partials'),
    helpers: createHelpers(translator, assets),
  });
  return {
    page(view, data) {
      const { layout = 'main', ...context } = data;
      const options = { ...context, settings: { views }, cache: true, layout: layout || '' };
      return handlebars.renderView(join(views, `${view}.hbs`), options);
    },
  };
}

function langOf(options: HelperOptions): Lang {
  return (options.data.root as PageFrame).lang;
}

function createHelpers(translator: Translator, assets: Assets) {
  return {
    /** {{t "orders.total" n=3}} */
    t: (key: string, options: HelperOptions) => translator.for(langOf(options))(key, options.hash),
    /** {{money price}} */
    money: (value: Money, options: HelperOptions) => formatMoney(value, langOf(options)),
    /** {{date at "dateTime"}} */
    date: (value: Date | string, style: DateStyle, options: HelperOptions) =>
      formatDate(new Date(value), style, langOf(options)),
    iso: (value: Date | string) => new Date(value).toISOString(),
    weight: (grams: number, options: HelperOptions) => formatWeight(grams, langOf(options)),
    bundle: (name: string) => assets.bundle(name),
    image: (path: string) => assets.image(path),
    eq: (a: unknown, b: unknown) => a === b,
    not: (a: unknown) => !a,
    or: (a: unknown, b: unknown) => Boolean(a) || Boolean(b),
    and: (a: unknown, b: unknown) => Boolean(a) && Boolean(b),
    gt: (a: number, b: number) => a > b,
    concat: (...parts: unknown[]) => parts.slice(0, -1).join(''),
    /** Data for scripts: inside <script type="application/json">, where "</script>" must not end it. */
    json: (value: unknown) =>
      new Handlebars.SafeString(JSON.stringify(value ?? null).replaceAll('<', '\\u003c')),
    /** The texts that browser code needs, as a branch of the locale. */
    texts: (key: string, options: HelperOptions) =>
      new Handlebars.SafeString(
        JSON.stringify(translator.branch(langOf(options), key)).replaceAll('<', '\\u003c'),
      ),
  };
}
