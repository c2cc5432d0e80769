import type { Lang, Localized } from '../platform/lang.ts';

/** How much of a grower's name strangers see. */
export const NAME_SHOWN = ['full', 'initial', 'hidden'] as const;
export type NameShown = (typeof NAME_SHOWN)[number];

/** How much of a plot: its name and place, its township, its county, nothing. */
export const PLOT_SHOWN = ['plot', 'township', 'county', 'hidden'] as const;
export type PlotShown = (typeof PLOT_SHOWN)[number];

export interface GrowerLook {
  name: Localized;
  nameShown: NameShown;
  plot: { name: Localized; township: Localized; lat: number; lng: number; mu: number };
  plotShown: PlotShown;
  words: Localized;
  picture: string | null;
}

/** What strangers may see of a grower; what is not shown is not in it. */
export interface ShownGrower {
  /** Absent when it is hidden. */
  name?: string;
  place?: string;
  mu?: number;
  /** Rounded to what is said in words, so that a map gives away no more. */
  point?: { lat: number; lng: number };
  words?: string;
  picture?: string;
}

/** Decimals of a degree: about 100 m for a plot, 1 km for a township. */
const DECIMALS: Record<PlotShown, number | undefined> = {
  plot: 3,
  township: 2,
  county: undefined,
  hidden: undefined,
};

export function shownGrower(grower: GrowerLook, county: Localized, lang: Lang): ShownGrower {
  const { name, nameShown, plot, plotShown, words, picture } = grower;
  const decimals = DECIMALS[plotShown];
  const places: Record<PlotShown, string | undefined> = {
    plot: [plot.township[lang], plot.name[lang]].filter(Boolean).join(lang === 'en' ? ', ' : ' · '),
    township: plot.township[lang],
    county: county[lang],
    hidden: undefined,
  };
  const place = places[plotShown];
  const shownName =
    nameShown === 'full' ? name[lang] : nameShown === 'initial' ? initialOf(name[lang]) : undefined;
  // Words and face tell who somebody is, whatever is done about the name.
  const open = nameShown === 'full';
  return {
    ...(shownName ? { name: shownName } : {}),
    ...(place ? { place } : {}),
    ...(plotShown === 'plot' && plot.mu > 0 ? { mu: plot.mu } : {}),
    ...(decimals === undefined
      ? {}
      : { point: { lat: rounded(plot.lat, decimals), lng: rounded(plot.lng, decimals) } }),
    ...(open && words[lang] ? { words: words[lang] } : {}),
    ...(open && picture ? { picture } : {}),
  };
}

function initialOf(name: string): string {
  const [first] = name.trim();
  return first === undefined ? '' : `${first}**`;
}

function rounded(degrees: number, decimals: number): number {
  return Number(degrees.toFixed(decimals));
}
