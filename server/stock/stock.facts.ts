declare module '../platform/bus.ts' {
  interface Facts {
    /** The number of pieces that can be ordered is another one now. */
    'stock.changed': { skus: string[] };
  }
}

export {};
