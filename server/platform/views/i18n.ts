import { createInstance, type TFunction } from 'i18next';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DEFAULT_LANG, LANGS, type Lang } from '../lang.ts';

type Texts = Record<string, unknown>;

/** The sentences of one language: `locales/<lang>/<domain>.json`, each under its domain's name. */
export function readTexts(root: string, lang: Lang): Texts {
  const folder = join(root, 'locales', lang);
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files.map((file) => [
      basename(file, '.json'),
      JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown,
    ]),
  );
}

export type Translate = (key: string, values?: Record<string, unknown>) => string;

export interface Translator {
  for(lang: Lang): Translate;
  /** A whole branch of texts for the browser, e.g. `browser`. */
  branch(lang: Lang, key: string): Texts;
}

export function createTranslator(root: string): Translator {
  const texts = new Map(LANGS.map((lang) => [lang, readTexts(root, lang)]));
  const i18n = createInstance();
  void i18n.init({
    initAsync: false,
    lng: DEFAULT_LANG,
    fallbackLng: DEFAULT_LANG,
    resources: Object.fromEntries([...texts].map(([lang, translation]) => [lang, { translation }])),
    // Handlebars escapes; doing it twice shows &amp;amp; to people.
    interpolation: { escapeValue: false },
  });
  const fixed = new Map<Lang, TFunction>(LANGS.map((lang) => [lang, i18n.getFixedT(lang)]));
  return {
    for(lang) {
      const t = fixed.get(lang)!;
      return (key, values) => t(key, { ...values });
    },
    branch(lang, key) {
      return (texts.get(lang)?.[key] ?? {}) as Texts;
    },
  };
}
