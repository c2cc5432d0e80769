import { createHash } from 'node:crypto';
import { drawCard, type CardContent } from './card.ts';

export type { CardContent } from './card.ts';

export interface Poster {
  /** The same content is drawn once; those who ask meanwhile wait for it. */
  card(content: CardContent): Promise<{ png: Buffer; etag: string }>;
}

/** How many pictures of some 300 kB are kept. */
const KEPT = 40;

export function createPoster(): Poster {
  const kept = new Map<string, Promise<Buffer>>();
  return {
    async card(content) {
      const key = createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, 22);
      const known = kept.get(key);
      const drawing = known ?? drawCard(content);
      // What is asked for often stays longest.
      kept.delete(key);
      kept.set(key, drawing);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
      try {
        return { png: await drawing, etag: `"${key}"` };
      } catch (error) {
        kept.delete(key);
        throw error;
      }
    },
  };
}
