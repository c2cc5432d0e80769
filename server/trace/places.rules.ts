/** ISO 3166-2:CN, in the order of GB/T 2260, which is also that of accounts' provinces. */
const ISO = [
  ...['BJ', 'TJ', 'HE', 'SX', 'NM', 'LN', 'JL', 'HL', 'SH', 'JS', 'ZJ', 'AH', 'FJ', 'JX', 'SD', 'HA', 'HB'],
  ...['HN', 'GD', 'GX', 'HI', 'CQ', 'SC', 'GZ', 'YN', 'XZ', 'SN', 'GS', 'QH', 'NX', 'XJ', 'TW', 'HK', 'MO'],
];

export const ABROAD = 'abroad';

/** A province by its names; all that is ever known of where somebody is. */
export interface ProvinceNames {
  /** The key: its full Chinese name. */
  full: string;
  short: string;
  en: string;
}

/**
 * A province in somebody else's words: its Chinese name in full or as it is said, its English one, or its ISO code.
 *
 * @returns its full Chinese name; undefined for what is none
 */
export function provinceIn(text: string, provinces: readonly ProvinceNames[]): string | undefined {
  const word = text.trim();
  const code = /^(?:CN-)?([A-Z]{2})$/i.exec(word)?.[1]?.toUpperCase();
  if (code !== undefined) return provinces[ISO.indexOf(code)]?.full;
  const plain = word.toLowerCase().replace(/ (province|municipality|sar)$/, '');
  return provinces.find(({ full, short, en }) => [full, short, en.toLowerCase()].includes(plain))?.full;
}
