import { createRequire } from 'node:module';
import { PROVINCES, shortProvince } from '../accounts/index.ts';
import type { Log } from '../platform/log.ts';
import { ABROAD, provinceIn } from './places.rules.ts';

export type Places = ReturnType<typeof createPlaces>;

interface Region {
  country: string;
  province: string;
}
/** What is used of `ip2region`. */
interface Table {
  search(address: string): Region | null;
}

const NAMES = PROVINCES.map((full) => {
  const short = shortProvince(full);
  return { full, short: short['zh-CN'], en: short.en };
});

/**
 * The province that somebody looks from, worked out on this machine and forgotten but for the province: from the word
 * of a proxy that the deployer trusts, else from a table of networks (ip2region, IPv4 and IPv6, 12 MB once it is
 * needed). The package is optional; without it nobody is anywhere.
 */
export function createPlaces({ log }: { log: Log }) {
  let loaded: Table | null | undefined;

  function table(): Table | null {
    if (loaded !== undefined) return loaded;
    try {
      loaded = load();
    } catch (err) {
      loaded = null;
      log.warn({ err }, 'ip2region is not installed: looks at codes are counted without a province');
    }
    return loaded;
  }

  return {
    /** @returns a province's full Chinese name, `abroad`, or undefined where it is not known */
    of({ address, region }: { address: string; region?: string | undefined }): string | undefined {
      const said = region === undefined ? undefined : provinceIn(region, NAMES);
      if (said !== undefined) return said;
      const found = table()?.search(address.replace(/^::ffff:/i, ''));
      if (!found) return undefined;
      if (found.country !== '' && found.country !== '中国') return ABROAD;
      return found.province === '' ? undefined : provinceIn(found.province, NAMES);
    },
  };
}

/** A CommonJS module with a default of its own, which loaders of ES modules do not agree about. */
function load(): Table {
  const { default: Maker } = createRequire(import.meta.url)('ip2region') as { default: new () => Table };
  return new Maker();
}
