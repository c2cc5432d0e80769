import { pinyin } from 'pinyin-pro';
import type { Person } from '../accounts/index.ts';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { ListedWord } from './moderation.rules.ts';
import type { ModerationStore } from './moderation.store.ts';
import { compileWords, matchWords, type Match, type WordList } from './words.rules.ts';

export type Words = ReturnType<typeof createWords>;

/** How long a process may go on with the shop's list of before, in ms. */
const LIST_MS = 2_000;
const LISTS_KEPT = 200;

function readAloud(han: string): string[] {
  return pinyin(han, { toneType: 'none', type: 'array', v: true });
}

/** The word lists: the shop's own, kept by admins, and each live's beside it. */
export function createWords(deps: { store: ModerationStore; clock: Clock }) {
  const { store, clock } = deps;
  let shop: { at: number; words: Promise<readonly ListedWord[]> } | undefined;
  /** Compiling reads every word aloud; a list is the same until somebody changes it. */
  const compiled = new Map<string, WordList>();

  function shopWords(): Promise<readonly ListedWord[]> {
    const now = Date.now();
    if (!shop || now - shop.at > LIST_MS) {
      const words = store.shopWords().then((doc) => doc?.words ?? []);
      const mine = { at: now, words };
      shop = mine;
      // A failed reading is nobody's list: the next who asks tries again.
      words.catch(() => shop === mine && (shop = undefined));
    }
    return shop.words;
  }

  function compile(words: readonly ListedWord[]): WordList {
    const key = JSON.stringify(words.map(({ text, verdict }) => [text, verdict]));
    const known = compiled.get(key);
    if (known) return known;
    if (compiled.size >= LISTS_KEPT) compiled.clear();
    const list = compileWords(words, readAloud);
    compiled.set(key, list);
    return list;
  }

  return {
    /** The gravest listed word in a text. */
    async find(text: string, own: readonly ListedWord[]): Promise<Match | undefined> {
      const found = [await shopWords(), own].flatMap(
        (words) => matchWords(compile(words), text, readAloud) ?? [],
      );
      return found.find(({ verdict }) => verdict === 'refuse') ?? found[0];
    },

    async ofShop() {
      const doc = await store.shopWords();
      return { words: doc?.words ?? [], edits: doc?.edits ?? 0 };
    },

    /** @throws AppError `forbidden`, `conflict` when somebody else has changed it meanwhile */
    async setOfShop(words: ListedWord[], edits: number, person: Person): Promise<void> {
      if (!person.roles.includes('admin')) throw new AppError('forbidden');
      const done = await store.setShopWords(words, { edits, by: person.id, at: clock.now() });
      if (!done) throw new AppError('conflict');
      shop = undefined;
    },
  };
}
