import { describe, expect, it } from 'vitest';
import type { SearchDocument } from '../../server/catalog/search/index.rules.ts';
import { indexOf, product, SHOP } from '../support/search-shop.ts';

const shop = indexOf(...SHOP);
const ids = (query: string, index = shop): string[] => index.query(query).map((hit) => hit.id);
const first = (query: string): string | undefined => ids(query)[0];

describe('search finds what was meant', () => {
  it.each([
    'fengmi',
    '蜂蜜',
    'honey',
    'feng mi',
    'fm',
    'hony',
    'honney',
    'fengmii',
    'hon',
    'ｈｏｎｅｙ',
    'HONEY!',
    'fēngmì',
    'honeys',
  ])('%s finds the two honeys first', (query) => {
    expect(ids(query).slice(0, 2).toSorted()).toEqual(['honey-linden', 'honey-wild']);
  });

  it.each([
    'Anxi mantou',
    '安化馒头',
    'anhua mantou',
    '安溪馒头',
    '什锦',
    'mantou',
    '馒',
    'mant',
    'mantuo',
    'man tou',
    '馒头安化',
    'mantou anhua',
    'anhuamantou',
    'assorted bun',
    '什锦慢头',
  ])('%s finds the assorted mantou first', (query) => {
    expect(first(query)).toBe('mantou');
  });

  it.each(['cha', 'tea', '茶', 'chaye', 'teas'])('%s finds the teas first', (query) => {
    expect(ids(query).slice(0, 2).toSorted()).toEqual(['tea-dark', 'tea-oolong']);
  });

  it.each([
    ['沃', 'orah'],
    ['wogan', 'orah'],
    ['chengzi', 'navel'],
    ['orange', 'navel'],
    ['potatoes', 'starch'],
    ['tuji', 'chicken'],
    ['chcken', 'chicken'],
    ['free range', 'chicken'],
    ['tieguanyn', 'tea-oolong'],
    ['tie guan yin', 'tea-oolong'],
    ['铁观银', 'tea-oolong'],
    ['tgy', 'tea-oolong'],
    ['dami', 'rice'],
    ['霜降', 'rice'],
    ['insects', 'chicken'],
  ])('%s finds %s first', (query, id) => {
    expect(first(query)).toBe(id);
  });

  it.each(['cheng bu', 'chengbu', '城步'])('%s finds the products of Chengbu and no others', (query) => {
    expect(ids(query).toSorted()).toEqual(['honey-linden', 'honey-wild', 'rice', 'starch']);
  });

  it('finds an unfinished word more with every letter', () => {
    for (const query of ['m', 'ma', 'man', 'mant', 'manto']) expect(ids(query)).toContain('mantou');
  });

  it('finds by sound, below what is written so', () => {
    expect(ids('风蜜').slice(0, 2).toSorted()).toEqual(['honey-linden', 'honey-wild']);
    const written = indexOf(...SHOP, product({ id: 'wind', name: ['山谷风蜜酒', 'Valley mead'] }));
    expect(written.query('风蜜').map((hit) => hit.id)[0]).toBe('wind');
    expect(ids('风蜜', written)).toContain('honey-wild');
  });

  it('reads characters by their phrase', () => {
    const index = indexOf(product({ id: 'noodles', name: ['重庆小面', 'Noodles'] }));
    expect(ids('chongqing', index)).toEqual(['noodles']);
  });
});

describe('several words', () => {
  it('must all be there', () => {
    expect(ids('anhua tea').slice(0, 1)).toEqual(['tea-dark']);
    expect(ids('chengbu honey').toSorted()).toEqual(['honey-linden', 'honey-wild']);
    expect(ids('honey linden')).toEqual(['honey-linden']);
    expect(ids('城步的蜂蜜').toSorted()).toEqual(['honey-linden', 'honey-wild']);
  });

  it('may stand in any order and language', () => {
    expect(ids('蜂蜜 linden')).toEqual(ids('linden 蜂蜜'));
    expect(first('linden 蜂蜜')).toBe('honey-linden');
  });

  it('fall back to the best partial match when no product holds all', () => {
    expect(first('linden zzzzqqq')).toBe('honey-linden');
    // No honey is from Wuming: honey comes first, and what is from Wuming after it.
    const found = ids('wuming honey');
    expect(found.slice(0, 2).toSorted()).toEqual(['honey-linden', 'honey-wild']);
    expect(found[2]).toBe('orah');
  });

  it('weigh what it is above where it is from', () => {
    const unaliased = SHOP.map((document) => ({ ...document, aliases: [], text: '' }));
    expect(ids('anxi mantou', indexOf(...unaliased))[0]).toBe('mantou');
    expect(ids('安溪馒头', indexOf(...unaliased))[0]).toBe('mantou');
  });
});

describe('ranking', () => {
  const ladder: SearchDocument[] = [
    product({ id: '5-story', name: ['糕点', 'Cake'], text: 'Goes well with ginger. 配生姜。' }),
    product({ id: '4-place', name: ['粽子', 'Zongzi'], from: ['生姜合作社', 'Ginger cooperative'] }),
    product({ id: '3-part', name: ['生姜红糖', 'Ginger and sugar'] }),
    product({ id: '2-alias', name: ['小黄姜', 'Root'], aliases: ['生姜', 'ginger'] }),
    product({ id: '1-name', name: ['生姜', 'Ginger'] }),
  ];
  const order = ['1-name', '2-alias', '3-part', '4-place', '5-story'];

  it.each(['ginger', '生姜'])('%s: name, alias, part of a name, place, story', (query) => {
    expect(ids(query, indexOf(...ladder))).toEqual(order);
    expect(ids(query, indexOf(...ladder.toReversed()))).toEqual(order);
  });

  it('takes the whole name in pinyin for the name', () => {
    expect(ids('shengjiang', indexOf(...ladder)).slice(0, 3)).toEqual(['1-name', '2-alias', '3-part']);
  });

  it('lets popularity decide ties only, then the id', () => {
    const pear = (id: string, weight?: number): SearchDocument =>
      product({ id, name: ['梨', 'Pear'], ...(weight === undefined ? {} : { weight }) });
    const jam = product({ id: 'jam', name: ['梨酱', 'Pear jam'], weight: 1 });
    const index = indexOf(jam, pear('b'), pear('d', 0.2), pear('a'), pear('c', 0.9), pear('e', Number.NaN));
    expect(ids('pear', index)).toEqual(['c', 'd', 'a', 'b', 'e', 'jam']);
  });

  it('scores never rise down the list', () => {
    for (const query of ['honey', '安化', 'a', 'tea mantou']) {
      const scores = shop.query(query).map((hit) => hit.score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    }
  });

  it('is the same whatever the order of putting', () => {
    const turned = indexOf(...SHOP.toReversed());
    for (const query of ['honey', 'anxi mantou', '安化', 'm', 'hony', '铁观银', '风蜜'])
      expect(turned.query(query)).toEqual(shop.query(query));
  });
});

describe('what finds nothing', () => {
  it.each(['zzzzqqq', '!!!', '', '   ', '😀😀', '\ud83d', '蘸蘸'])('%j', (query) => {
    expect(shop.query(query)).toEqual([]);
  });

  it('short words and numbers are not corrected', () => {
    expect(ids('tee')).not.toContain('tea-dark');
    const index = indexOf(product({ id: 'jar', name: ['蜜', 'Jar 2500g'] }));
    expect(ids('2500g', index)).toEqual(['jar']);
    expect(ids('3500g', index)).toEqual([]);
  });
});
