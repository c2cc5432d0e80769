/** What is kept of the looks at one code: no address, no name, no time but the first. */
export interface ScanLook {
  first: Date;
  /** People, counted once a day each. */
  count: number;
  day: string;
  /** Today's people and networks, as hashes under a salt that is thrown away tomorrow. */
  people: string[];
  places: string[];
  /** The most networks on one day, and over all days. */
  mostPlaces: number;
  allPlaces: number;
  /** The same since it was handed to its buyer. */
  placesAfterSale: number;
  /** Provinces that it was looked at from: the first, today's, the most on one day, all, and those after its sale. */
  firstProvince: string | null;
  provincesToday: string[];
  mostProvinces: number;
  provinces: string[];
  provincesAfterSale: string[];
}

/** Networks on one day, over all days, and after it was handed over, from which a code looks copied. */
const COPIED = { inOneDay: 6, afterSale: 12, ever: 40 } as const;

/** The same in provinces, which a jar crosses more slowly than a phone changes networks: a gift goes to one or two. */
const COPIED_PROVINCES = { inOneDay: 3, afterSale: 4, ever: 6 } as const;

/** One jar stands on one table: many places on one day, or ever more of them after delivery, speak of copies. */
export function looksCopied(look: ScanLook): boolean {
  const { mostPlaces, allPlaces, placesAfterSale, mostProvinces, provinces, provincesAfterSale } = look;
  const networks =
    mostPlaces >= COPIED.inOneDay || placesAfterSale >= COPIED.afterSale || allPlaces >= COPIED.ever;
  const { inOneDay, afterSale, ever } = COPIED_PROVINCES;
  // What was counted before provinces were has none.
  const across =
    (mostProvinces ?? 0) >= inOneDay ||
    (provincesAfterSale?.length ?? 0) >= afterSale ||
    (provinces?.length ?? 0) >= ever;
  return networks || across;
}

/** How often, as strangers are told: never a number that says how much was sold or looked at. */
export type HowOften = 'first' | 'few' | 'often' | 'many';

export function howOften(count: number): HowOften {
  if (count < 1) return 'first';
  if (count <= 5) return 'few';
  return count <= 20 ? 'often' : 'many';
}

/** A phone's network: enough of its address to tell villages apart, not neighbours. */
export function networkOf(address: string): string {
  const v4 = /(\d+)\.(\d+)\.\d+\.\d+$/.exec(address);
  if (v4) return `${v4[1]}.${v4[2]}`;
  return address.split(':').slice(0, 2).join(':');
}
