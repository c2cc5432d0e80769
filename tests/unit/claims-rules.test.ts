import { describe, expect, test } from 'vitest';
import type { ProvenCertificate } from '../../server/catalog/certificates.rules.ts';
import { DEFAULT_RULES } from '../../server/catalog/claim-defaults.rules.ts';
import { compileRules, withoutClaims } from '../../server/catalog/claims.rules.ts';
import { allowedBy } from '../../server/catalog/showing.rules.ts';

const rules = compileRules(DEFAULT_RULES);
const found = (text: string) => rules.find(text).map(({ rule }) => rule);

describe('a claim is found', () => {
  test.each([
    ['城步有机桐茶', 'organic'],
    ['有 机 茶', 'organic'],
    ['有　机', 'organic'],
    ['有.机', 'organic'],
    ['有-机', 'organic'],
    ['有\u200b机', 'organic'],
    ['有\u2060\ufeff机', 'organic'],
    ['「有」机', 'organic'],
    ['有機茶葉', 'organic'],
    ['organic tea', 'organic'],
    ['ＯＲＧＡＮＩＣ', 'organic'],
    ['o r g a n i c', 'organic'],
    ['o.r.g-a_n*i c', 'organic'],
    ['0rganic', 'organic'],
    ['org4nic', 'organic'],
    ['оrgаnic', 'organic'], // о and а are Cyrillic
    ['òrgánic', 'organic'],
    ['綠色食品', 'green_food'],
    ['Green-Food', 'green_food'],
    ['無公害', 'pollution_free'],
    ['地 理 標 誌'.replace('誌', '志'), 'geographical_indication'],
    ['a protected geographical indication', 'geographical_indication'],
    ['GI honey', 'geographical_indication'],
    ['富硒大米', 'selenium'],
    ['selenium rich rice', 'selenium'],
  ])('in %j', (text, rule) => expect(found(text)).toContain(rule));

  test('next to a harmless phrase', () => {
    expect(found('有机会尝尝我们的有机茶')).toEqual(['organic']);
    expect(found('organic matter in organic soil')).toEqual(['organic']);
  });

  test('with the place where it was written', () => {
    const text = '山里的有\u200b 机茶';
    const [claim] = rules.find(text);
    expect(text.slice(claim!.start, claim!.end)).toBe('有\u200b 机');
  });
});

describe('nothing is found', () => {
  test.each([
    '有机会来城步看看',
    '没有机器，全靠手',
    '没有。机会不多',
    '没有，机器坏了',
    '富有\n机智',
    '这片土有机质高，施有机肥',
    '不是有机产品',
    '非有机',
    '绿色的山，绿色的菜',
    'evergreen foothills',
    'organic chemistry',
    'inorganic salts',
    'disorganic',
    'not organic',
    'a gift for grandma',
    'low GI rice',
    '低GI主食',
    'wildflower honey',
    '野生动物常来',
    '',
  ])('in %j', (text) => expect(found(text)).toEqual([]));

  test('by a rule that is off', () => {
    expect(found('野生菌')).toEqual([]);
    const on = DEFAULT_RULES.map((rule) => ({ ...rule, active: true }));
    expect(
      compileRules(on)
        .find('野生菌')
        .map(({ rule }) => rule),
    ).toEqual(['wild']);
  });
});

test('a long text full of beginnings takes no longer than a plain one', () => {
  for (const text of [
    '有'.repeat(20_000),
    '有 '.repeat(10_000),
    'o r g a n '.repeat(2_000),
    `有${' '.repeat(20_000)}`,
  ]) {
    expect(found(text)).toEqual([]);
  }
});

describe('what is left of a text', () => {
  const without = (text: string, style: 'title' | 'prose') => withoutClaims(text, rules.find(text), style);

  test('is the title without the word', () => {
    expect(without('城步有机桐茶', 'title')).toBe('城步桐茶');
    expect(without('Chengbu organic tung tea', 'title')).toBe('Chengbu tung tea');
    expect(without('桐茶（有机）', 'title')).toBe('桐茶');
  });

  test('is the prose without the sentence', () => {
    const zh = '叶子厚。茶园在有机认证范围内，编号印在袋上。九十度的水。\n\n第二段。它是绿色食品！好喝。';
    expect(without(zh, 'prose')).toBe('叶子厚。九十度的水。\n\n第二段。好喝。');
    const en = 'The leaf is thick, 3.5 cm. It is within the organic certificate. Use water at 90 °C.';
    expect(without(en, 'prose')).toBe('The leaf is thick, 3.5 cm. Use water at 90 °C.');
  });

  test('is the prose without the word when it has no other sentence', () => {
    expect(without('山里的有机好茶', 'prose')).toBe('山里的好茶');
  });

  test('is everything when nothing is claimed', () => {
    const text = '  留着空格 \n\n 和换行。';
    expect(without(text, 'prose')).toBe(text);
  });

  test('claims nothing, whatever it was', () => {
    const parts = ['有机', '有 机', '会', '绿色食品', '。', ' organic ', 'green food', '\n\n', '好茶', '. '];
    let seed = 7;
    for (let turn = 0; turn < 500; turn += 1) {
      let text = '';
      for (let at = 0; at < 12; at += 1) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        text += parts[seed % parts.length]!;
      }
      for (const style of ['title', 'prose'] as const) {
        const left = without(text, style);
        // Taking one word out may bring the halves of another together; nobody wrote that one.
        expect(left.length).toBeLessThanOrEqual(text.length);
        if (style === 'prose' && left !== '' && /[。.]/.test(left)) expect(found(left)).toEqual([]);
      }
    }
  });
});

describe('what certificates allow', () => {
  const certificate: ProvenCertificate = {
    id: 'c',
    kind: 'organic',
    number: '1',
    issuer: { 'zh-CN': '所', en: 'office' },
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
    skus: ['A', 'B'],
    lots: [],
    state: 'issued',
    file: null,
  };
  const may = (change: Partial<ProvenCertificate>, about: Partial<Parameters<typeof allowedBy>[0]> = {}) =>
    allowedBy({ certificates: [{ ...certificate, ...change }], skus: ['A'], day: '2026-06-01', ...about })([
      'organic',
    ]);

  test('is allowed on the first day and on the last, and on no other', () => {
    expect(may({}, { day: '2026-01-01' })).toBe(true);
    expect(may({}, { day: '2026-12-31' })).toBe(true);
    expect(may({}, { day: '2025-12-31' })).toBe(false);
    expect(may({}, { day: '2027-01-01' })).toBe(false);
  });

  test('is nothing when it was revoked, or is of another kind', () => {
    expect(may({ state: 'revoked' })).toBe(false);
    expect(may({ kind: 'green_food' })).toBe(false);
  });

  test('holds for all of several SKUs, or for one where that is enough', () => {
    expect(may({}, { skus: ['A', 'B'] })).toBe(true);
    expect(may({}, { skus: ['A', 'C'] })).toBe(false);
    expect(may({}, { skus: ['A', 'C'], cover: 'any' })).toBe(true);
    expect(may({}, { skus: [] })).toBe(false);
    expect(may({}, { skus: [], cover: 'any' })).toBe(false);
  });

  test('of one lot holds for that lot only', () => {
    const lots = ['L1'];
    expect(may({ lots })).toBe(false);
    expect(may({ lots }, { lots: ['L1'] })).toBe(true);
    expect(may({ lots }, { lots: ['L1', 'L2'] })).toBe(false);
    expect(may({}, { lots: ['L2'] })).toBe(true);
  });
});
