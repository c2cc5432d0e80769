export interface ScriptNote {
  sku: string;
  text: string;
}

/** A flash offer that waits for its tap. Whether it holds is decided when it is opened, not when it is prepared. */
export interface PreparedOffer {
  id: string;
  sku: string;
  priceFen: number;
  quantity: number;
  perBuyer: number;
  seconds: number;
}

export const MAX_PREPARED = 40;

export interface PrompterPart {
  /** null: the opening and the closing words. */
  sku: string | null;
  part: 'opening' | 'product' | 'closing';
  text: string;
}

/** The script in the order of the rail; a product without notes has its place all the same. */
export function prompterParts(
  script: { opening: string; closing: string; notes: readonly ScriptNote[] },
  rail: readonly string[],
): PrompterPart[] {
  const noteOf = new Map(script.notes.map(({ sku, text }) => [sku, text]));
  return [
    { sku: null, part: 'opening', text: script.opening },
    ...rail.map((sku) => ({ sku, part: 'product' as const, text: noteOf.get(sku) ?? '' })),
    { sku: null, part: 'closing', text: script.closing },
  ];
}
