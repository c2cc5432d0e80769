import { beforeAll, describe, expect, it } from 'vitest';
import { editDistance } from '../../server/catalog/search/distance.rules.ts';
import type { SearchIndex } from '../../server/catalog/search/index.rules.ts';
import { fold, isSyllable, runsOf, stem, syllablesOf } from '../../server/catalog/search/text.rules.ts';
import { makeSearchDocuments } from '../bench/search-corpus.ts';
import { indexOf, product, SHOP } from '../support/search-shop.ts';

const shop = indexOf(...SHOP);
const ids = (query: string, index = shop): string[] => index.query(query).map((hit) => hit.id);

describe('keeping the index', () => {
  it('replaces by id', () => {
    const index = indexOf(...SHOP);
    index.put(product({ id: 'mantou', name: ['花卷', 'Flower rolls'] }));
    expect(index.size()).toBe(SHOP.length);
    expect(ids('什锦', index)).toEqual([]);
    expect(ids('花卷', index)).toEqual(['mantou']);
    expect(ids('mantou', index)).toEqual(['tea-oolong']);
  });

  it('forgets what is removed, and answers as if it had never been', () => {
    const index = indexOf(...SHOP, product({ id: 'extra', name: ['蜂蜜', 'Honey'] }));
    index.remove('extra');
    index.remove('extra');
    index.remove('unknown');
    expect(index.size()).toBe(SHOP.length);
    for (const query of ['honey', '蜂蜜', 'fengmi', 'a'])
      expect(index.query(query)).toEqual(shop.query(query));
    for (const document of SHOP) index.remove(document.id);
    expect(index.size()).toBe(0);
    for (const query of ['honey', '蜂', 'a', 'hony']) expect(index.query(query)).toEqual([]);
  });

  it('gives at most as many as asked for, the best', () => {
    expect(shop.query('a', { limit: 3 })).toEqual(shop.query('a').slice(0, 3));
    expect(shop.query('honey', { limit: 0 })).toEqual([]);
  });
});

/** Mulberry32, so that a failure comes again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const SNIPPETS = [
  '蜂蜜',
  '馒',
  'tea',
  'hon',
  'ü',
  'ﷺ',
  '\ud800',
  '\udc00',
  '😀',
  '👨‍👩‍👧',
  'שלום',
  'مرحبا',
  'ガ',
  '한',
  '𠮷',
  ' ',
  '-',
  "'",
  '0',
  '\0',
  '\n',
  'İ',
  '々',
  '__proto__',
  'a\u0301',
  '#',
  '=',
  '~',
];

function randomString(random: () => number): string {
  let text = '';
  const parts = Math.floor(random() * 12);
  for (let part = 0; part < parts; part += 1)
    text +=
      random() < 0.6
        ? SNIPPETS[Math.floor(random() * SNIPPETS.length)]
        : String.fromCharCode(Math.floor(random() * 0x10000));
  return text;
}

describe('any string', () => {
  it('is put, found by its own name and removed without a throw', () => {
    const random = randomFrom(20_261_123);
    const index = indexOf(...SHOP);
    for (let round = 0; round < 1_500; round += 1) {
      const [zh, en, text] = [randomString(random), randomString(random), randomString(random)];
      const hits = index.query(text);
      expect(new Set(hits.map((hit) => hit.id)).size).toBe(hits.length);
      expect(hits.every((hit) => hit.score > 0 && Number.isFinite(hit.score))).toBe(true);
      expect(index.query(text)).toEqual(hits);
      index.put(product({ id: 'random', name: [zh, en], aliases: [text], text: zh + en }));
      const findable = runsOf(fold(zh)).length > 0;
      expect(ids(zh, index).includes('random'), JSON.stringify(zh)).toBe(findable);
      index.remove('random');
    }
    expect(index.query('honey')).toEqual(shop.query('honey'));
  });

  it('of any length is answered quickly', () => {
    for (const piece of ['x', '蜂蜜', 'honey tea ', '安', 'hony mantuo ', '😀', 'ﷺ']) {
      const started = performance.now();
      shop.query(piece.repeat(10_000 / piece.length));
      expect(performance.now() - started).toBeLessThan(250);
    }
  });
});

describe('many products', () => {
  const COUNT = 2_000;
  const documents = makeSearchDocuments(COUNT, 5);
  let index: SearchIndex;
  beforeAll(() => {
    index = indexOf(...documents);
  });

  it('are the same for the same seed', () => {
    expect(makeSearchDocuments(50, 5)).toEqual(makeSearchDocuments(50, 5));
    expect(makeSearchDocuments(50, 6)).not.toEqual(makeSearchDocuments(50, 5));
  });

  it('are each found by their name', () => {
    for (const document of documents.filter((_, at) => at % 40 === 0)) {
      const names = new Map(documents.map(({ id, name }) => [id, name]));
      expect(names.get(ids(document.name['zh-CN'], index)[0] ?? '')?.['zh-CN']).toBe(document.name['zh-CN']);
      expect(names.get(ids(document.name.en, index)[0] ?? '')?.en).toBe(document.name.en);
    }
  });

  it('are gone without a trace when changed and removed', () => {
    const other = indexOf(...documents);
    for (const document of documents) other.put({ ...document, name: SHOP[0]!.name });
    for (const document of documents) other.remove(document.id);
    for (const document of SHOP) other.put(document);
    for (const query of ['hony', 'a', '安化馒头', 'feng mi', 'fm'])
      expect(other.query(query)).toEqual(shop.query(query));
  });
});

describe('text', () => {
  it.each([
    ['leaves', 'leaf'],
    ['berries', 'berry'],
    ['peaches', 'peach'],
    ['boxes', 'box'],
    ['glass', 'glass'],
    ['cactus', 'cactus'],
    ['teas', 'tea'],
    ['pies', 'pie'],
    ['gas', 'gas'],
  ])('stem(%s) is %s', (word, singular) => {
    expect(stem(word)).toBe(singular);
  });

  it('folds width, case, accents and apostrophes', () => {
    expect(fold('Ｘī’ān LǛ ﬁne Café')).toBe('xian lv fine cafe');
  });

  it('parts Han from all else', () => {
    expect(runsOf('蜂蜜500g,茶 tea').map((run) => run.text)).toEqual(['蜂蜜', '500g', '茶', 'tea']);
  });

  it('reads one syllable per character', () => {
    expect(syllablesOf('绿茶')).toEqual(['lv', 'cha']);
    expect(syllablesOf('什锦')).toEqual(['shi', 'jin']);
    expect(syllablesOf('𠀀蜜')).toEqual(['', 'mi']);
  });

  it.each(['a', 'man', 'zhuang', 'lv', 'xiong', 'er', 'yuan', 'lue'])('%s is a syllable', (word) => {
    expect(isSyllable(word)).toBe(true);
  });

  it.each(['mantou', 'honey', 'tea', 'zh', 'x1', ''])('%j is none', (word) => {
    expect(isSyllable(word)).toBe(false);
  });

  it.each([
    ['honey', 'hony', 1],
    ['mantou', 'mantuo', 1],
    ['abcdefgh', 'abdcefhg', 2],
    ['honey', 'money', 1],
    ['honey', 'tea', 3],
    ['', 'ab', 2],
  ])('from %s to %s there are %i edits, 3 meaning too many', (from, to, edits) => {
    expect(editDistance(from, to, 2)).toBe(edits);
    expect(editDistance(to, from, 2)).toBe(edits);
  });
});
