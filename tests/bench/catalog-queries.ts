/** What is asked of the list, as the parameters of /api/products. */
export type Asked = Record<string, string>;

const CHINESE = [
  '蜂蜜',
  '高山野花蜂蜜',
  '安化黑茶',
  '有机 大米',
  '城步 土鸡蛋',
  '茶',
  '红薯淀粉',
  '猕猴桃礼盒',
  '五常大米 2.5公斤',
  '柑橘',
];
const ENGLISH = [
  'honey',
  'wild honey',
  'Anhua dark tea',
  'organic rice',
  'free-range eggs',
  'mushrooms',
  'navel oranges gift box',
  'Gannan',
  'bamboo shoots',
  'chili',
];
const PINYIN = [
  'fengmi',
  'feng mi',
  'anhua heicha',
  'dami',
  'tie guan yin',
  'tujidan',
  'mihoutao',
  'yemi',
  'cb',
  'ahhc',
];
const TYPOS = [
  'hony',
  'organc rice',
  'mandrin',
  'mushrom',
  'Anhau tea',
  '铁观银',
  '蜂密',
  'buckweat noodles',
  'fengmii',
  '弥猴桃',
];
const PREFIXES = ['h', 'ho', 'hon', 'org', 'mus', 'fe', 'feng m', 'anh', '蜂', '高山野', 'che', 'wuyi'];

/** Everything, cut down: pages that are read without asking for words. */
const LISTS: readonly Asked[] = [
  {},
  { sort: 'price_asc' },
  { sort: 'price_desc' },
  { sort: 'newest' },
  { category: 'tea' },
  { category: 'honey', sort: 'price_asc' },
  { certificate: 'organic' },
  { certificate: 'green_food', sort: 'newest' },
  { cooperative: 'cooperative-7' },
  { cooperative: 'cooperative-40', sort: 'price_desc' },
];

/** Words that stand in nearly every product, and input that nobody means well with. */
const HOSTILE = [
  '县',
  '合作社',
  'cooperative village county',
  'a',
  'the',
  'the women of the village keep terraces',
  '合作社的老人在云雾里的老茶园天不亮就上山采摘',
  'zzzzzzzzqqqqqqq',
  'x'.repeat(200),
  '茶'.repeat(200),
  'aeiouaeiouaeiouaeiouaeiouaeiou',
  'anhuachengbuxinningsuiningdongkouwugang',
  'fengmiheichadamituji',
  Array.from({ length: 40 }, (_, at) => `word${at}`).join(' '),
  Array.from({ length: 40 }, (_, at) => String.fromCharCode(97 + (at % 26))).join(' '),
  'hnoey raguic mndarin oarnge',
  'cooperatvie vilage conty moutain',
  '<script>alert(1)</script>',
  '.*+?^${}()|[]\\',
  '"\u0000\u202e\ud800',
  '500 g 2.5 kg 500 g 2.5 kg',
  '🍯🍵🍊',
];

const asWords = (words: readonly string[], more: Asked = {}): Asked[] =>
  words.map((q) => ({ q: q.slice(0, 200), ...more }));

/** As people ask: mostly words, some of them with a filter or a sort; `pages` are deep places of long lists. */
export function realisticMix(pages: readonly Asked[]): Asked[] {
  return [
    ...asWords([...CHINESE, ...ENGLISH, ...PINYIN, ...TYPOS, ...PREFIXES]),
    ...asWords(CHINESE.slice(0, 5), { certificate: 'organic' }),
    ...asWords(ENGLISH.slice(0, 5), { sort: 'price_asc' }),
    ...LISTS,
    ...pages,
  ];
}

export function hostileMix(): Asked[] {
  return [
    ...asWords(HOSTILE),
    ...asWords(HOSTILE.slice(0, 8), { sort: 'price_desc', limit: '60' }),
    { cursor: 'no-such-product' },
    { q: '蜂蜜', cursor: 'no-such-product', limit: '60' },
  ];
}
