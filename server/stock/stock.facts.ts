declare module '../platform/bus.ts' {
  interface Facts {
    /** The number of pieces that can be ordered is another one now; `isLess` when it can only have become smaller. */
    'stock.changed': { skus: string[]; isLess?: true };
    /** A member has received, counted, written off, blocked or released a lot. */
    'lot.changed': { lot: string; sku: string; cooperative: string };
  }
}

export {};
