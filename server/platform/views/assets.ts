import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Manifest = Record<string, string>;

/** Addresses of what the browser gets, each with a hash of its content so that it can be cached for a year. */
export interface Assets {
  /** A bundle by its source name, e.g. `pages/room.ts` or `css/main.css`. */
  bundle(name: string): string;
  /** What a page's script is made of besides, and loads later. */
  parts(name: string): string[];
  /** The address of a picture below public/img, e.g. `brand/mark.svg`. */
  image(path: string): string;
  /** The same with the size that the page must leave free for it. */
  picture(path: string): Picture;
}

/** A picture as an <img> needs it: sizes in CSS pixels, so that nothing jumps when it arrives. */
export interface Picture {
  src: string;
  srcset?: string;
  width: number;
  height: number;
}

export function createAssets(root: string): Assets {
  const manifestFile = join(root, 'public/build/manifest.json');
  const manifest = existsSync(manifestFile)
    ? (JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest)
    : {};
  const partsFile = join(root, 'public/build/parts.json');
  const parts = existsSync(partsFile)
    ? (JSON.parse(readFileSync(partsFile, 'utf8')) as Record<string, string[]>)
    : {};
  const known = new Map<string, Picture>();

  function picture(path: string): Picture {
    const kept = known.get(path);
    if (kept) return kept;
    const file = join(root, 'public/img', path);
    const content = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
    const version = createHash('sha256').update(content).digest('hex').slice(0, 10);
    const made = { src: `/img/${path}?v=${version}`, ...svgSize(content.subarray(0, 600).toString()) };
    known.set(path, made);
    return made;
  }

  return {
    bundle(name) {
      const file = manifest[name];
      if (!file) throw new Error(`no bundle for ${name}: run "npm run build"`);
      return `/build/${file}`;
    },
    parts: (name) => (parts[name] ?? []).map((file) => `/build/${file}`),
    image: (path) => picture(path).src,
    picture,
  };
}

function svgSize(head: string): { width: number; height: number } {
  const box = /viewBox="\s*[\d.-]+\s+[\d.-]+\s+([\d.]+)\s+([\d.]+)/.exec(head);
  return { width: Math.round(Number(box?.[1] ?? 800)), height: Math.round(Number(box?.[2] ?? 800)) };
}
