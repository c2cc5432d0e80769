declare module '../platform/bus.ts' {
  interface Facts {
    /** What pages show of the catalog is different now. */
    'catalog.changed': { slugs: string[] };
  }
}

export {};
