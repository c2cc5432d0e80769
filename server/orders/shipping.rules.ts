/** What a parcel costs by its weight. Grams and fen, all of them whole. */
export interface ShippingRate {
  /** Up to this weight the parcel costs `firstFen`. */
  firstGrams: number;
  firstFen: number;
  /** Every step begun beyond it costs `stepFen`. */
  stepGrams: number;
  stepFen: number;
  /** On top of everything, also where shipping is free: the long road to remote places. */
  surchargeFen: number;
}

export interface ShippingZone extends ShippingRate {
  provinces: string[];
}

/** How a cooperative sends its parcels. A province is in one zone, refused, or in the rest of the country. */
export interface ShippingTable {
  zones: ShippingZone[];
  rest: ShippingRate;
  refused: string[];
  /** From this much of goods, after discounts, the weight costs nothing; null when there is no such promise. */
  freeOverFen: number | null;
}

/** A parcel's cost with everything that explains it. */
export interface ShippingCharge {
  fen: number;
  grams: number;
  rate: ShippingRate;
  /** Steps begun beyond the first weight. */
  steps: number;
  /** What the weight costs, or would. */
  weightFen: number;
  surchargeFen: number;
  /** The goods have reached `freeOverFen`. */
  free: boolean;
  freeOverFen: number | null;
  /** How much more of goods makes the weight free; null where that is not promised, or reached. */
  toFreeFen: number | null;
}

export type ShippingQuote = { ok: true; charge: ShippingCharge } | { ok: false; reason: 'not_delivered' };

/** A zone's price applies to all its provinces; whatever no zone names is the rest of the country. */
export function rateFor(table: ShippingTable, province: string): ShippingRate | undefined {
  if (table.refused.includes(province)) return undefined;
  return table.zones.find(({ provinces }) => provinces.includes(province)) ?? table.rest;
}

/** Steps begun beyond the first weight: one gram over is a whole step. */
export function stepsOf(rate: ShippingRate, grams: number): number {
  return Math.ceil(Math.max(0, grams - rate.firstGrams) / rate.stepGrams);
}

/**
 * What a cooperative's parcel to a province costs.
 *
 * @param parcel `grams` gross, all pieces together; `goodsFen` what the goods in it cost after discounts
 */
export function shippingOf(
  table: ShippingTable,
  province: string,
  parcel: { grams: number; goodsFen: number },
): ShippingQuote {
  const rate = rateFor(table, province);
  if (!rate) return { ok: false, reason: 'not_delivered' };
  const steps = stepsOf(rate, parcel.grams);
  const weightFen = rate.firstFen + steps * rate.stepFen;
  const free = table.freeOverFen !== null && parcel.goodsFen >= table.freeOverFen;
  return {
    ok: true,
    charge: {
      fen: (free ? 0 : weightFen) + rate.surchargeFen,
      grams: parcel.grams,
      rate,
      steps,
      weightFen,
      surchargeFen: rate.surchargeFen,
      free,
      freeOverFen: table.freeOverFen,
      toFreeFen: table.freeOverFen === null || free ? null : table.freeOverFen - parcel.goodsFen,
    },
  };
}

/** What can be said of a cooperative's parcels before it is known where they go. */
export interface ShippingOutline {
  /** What a light one costs where it is cheapest. */
  fromFen: number;
  /** No weight costs anything anywhere; remote places may still cost something on top. */
  free: boolean;
  freeOverFen: number | null;
}

export function outlineOf({ zones, rest, freeOverFen }: ShippingTable): ShippingOutline {
  const rates = [...zones, rest];
  return {
    fromFen: Math.min(...rates.map(({ firstFen, surchargeFen }) => firstFen + surchargeFen)),
    free: rates.every(({ firstFen, stepFen }) => firstFen === 0 && stepFen === 0),
    freeOverFen,
  };
}

/** Provinces that stand in more than one place of a table: it would not say what a parcel there costs. */
export function provincesTwice(table: Pick<ShippingTable, 'zones' | 'refused'>): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const province of [...table.zones.flatMap(({ provinces }) => provinces), ...table.refused]) {
    if (seen.has(province)) twice.add(province);
    seen.add(province);
  }
  return [...twice];
}

/**
 * Where a cooperative has not said otherwise: Hunan and its neighbours, the remote west and Hainan, the rest. Hong
 * Kong, Macao and Taiwan need customs papers that nobody here writes.
 */
export const DEFAULT_TABLE: ShippingTable = {
  zones: [
    {
      provinces: ['湖南省', '湖北省', '江西省', '广东省', '广西壮族自治区', '贵州省', '重庆市'],
      firstGrams: 1000,
      firstFen: 600,
      stepGrams: 1000,
      stepFen: 150,
      surchargeFen: 0,
    },
    {
      provinces: [
        '新疆维吾尔自治区',
        '西藏自治区',
        '青海省',
        '宁夏回族自治区',
        '内蒙古自治区',
        '甘肃省',
        '海南省',
      ],
      firstGrams: 1000,
      firstFen: 1200,
      stepGrams: 1000,
      stepFen: 800,
      surchargeFen: 600,
    },
  ],
  rest: { firstGrams: 1000, firstFen: 800, stepGrams: 1000, stepFen: 300, surchargeFen: 0 },
  refused: ['台湾省', '香港特别行政区', '澳门特别行政区'],
  freeOverFen: 9900,
};
