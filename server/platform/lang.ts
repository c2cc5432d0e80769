/** The languages of the shop, BCP 47. The first is the default. */
export const LANGS = ['zh-CN', 'en'] as const;
export type Lang = (typeof LANGS)[number];
export const DEFAULT_LANG: Lang = LANGS[0];

/** A sentence in every language of the shop. */
export type Localized = Record<Lang, string>;

export function isLang(value: unknown): value is Lang {
  return LANGS.some((lang) => lang === value);
}
