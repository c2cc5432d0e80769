import { certifier, laboratory, to2029, to2030 } from './certificates.ts';
import type { ProductContent } from './types.ts';

const nanshan = {
  'zh-CN': '湖南省邵阳市城步苗族自治县南山镇',
  en: 'Nanshan, Chengbu Miao Autonomous County, Hunan',
};
const allYear = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Dairy of Nanshan. */
export const productsC: ProductContent[] = [
  {
    slug: 'nanshan-milk-powder',
    cooperative: 'nanshan',
    category: 'dairy',
    name: { 'zh-CN': '南山全脂奶粉', en: 'Nanshan whole milk powder' },
    tagline: {
      'zh-CN': '温水一冲就开，奶味足，不另加糖',
      en: 'Dissolves in warm water, full of milk, with no sugar put in',
    },
    story: {
      'zh-CN': [
        '配料表只有一行：生牛乳。挤下来的奶当天进车间，杀菌、浓缩、喷雾干燥，出来是淡黄色的细粉，带一点熟奶的香。',
        '一小袋25克，兑200毫升五十度上下的温水，边倒边搅，就是一杯。揉面、做蛋羹、煮麦片时舀一勺进去也合适。',
        '这款奶粉持有绿色食品证书。它是给大人和大孩子喝的全脂奶粉，不是婴幼儿配方奶粉。含乳。',
      ].join('\n\n'),
      en: [
        'The list of ingredients is one line long: cow’s milk. It reaches the dairy on the day of milking, is pasteurised, thickened and spray-dried, and comes out as a fine cream-coloured powder with a trace of cooked milk in its smell.',
        'Stir one 25-gram sachet into 200 ml of water at about 50 °C for a glass of milk. A spoonful is also good in bread dough, egg custard or porridge.',
        'It carries a green food certificate. This is whole milk powder for adults and older children, not infant formula. Contains milk.',
      ].join('\n\n'),
    },
    origin: nanshan,
    season: allYear,
    shelfLifeDays: 540,
    storage: {
      'zh-CN': '密封，阴凉干燥处存放。罐装打开后一个月内喝完。',
      en: 'Keep sealed, cool and dry. Once a tin is open, finish it within a month.',
    },
    aliases: [
      '奶粉',
      '牛奶粉',
      '全脂奶粉',
      '成人奶粉',
      '南山奶粉',
      'milk powder',
      'powdered milk',
      'dried milk',
    ],
    certificates: [{ kind: 'green_food', number: 'DEMO-GF-2025-0301', issuer: certifier, ...to2030 }],
    variants: [
      {
        sku: 'NMP-400',
        name: { 'zh-CN': '16小袋（400克）', en: '16 sachets, 400 g' },
        netGrams: 400,
        grossGrams: 520,
        priceFen: 3980,
        gtin: '2900000000148',
      },
      {
        sku: 'NMP-800',
        name: { 'zh-CN': '罐装（800克）', en: '800 g tin' },
        netGrams: 800,
        grossGrams: 1060,
        priceFen: 7600,
        gtin: '2900000000155',
      },
    ],
    image: 'products/nanshan-milk-powder.svg',
    imageAlt: { 'zh-CN': '一罐南山奶粉和一杯牛奶', en: 'A tin of Nanshan milk powder and a glass of milk' },
  },
  {
    slug: 'nanshan-milk-tablets',
    cooperative: 'nanshan',
    category: 'dairy',
    name: { 'zh-CN': '南山奶片', en: 'Nanshan milk tablets' },
    tagline: { 'zh-CN': '含着慢慢化，奶香在后头', en: 'Melts slowly, with the milk arriving late' },
    story: {
      'zh-CN': [
        '用自家的奶粉压成小圆片，一片两克多。奶粉占大头，另加一点白砂糖和麦芽糊精，让它压得住、不掉渣。',
        '可以含着，也可以嚼：含着是绵的，嚼着是酥的。独立小包，放办公桌、放书包、放上山的背篓里都行。',
        '甜度不高，吃完口里是奶味，不是糖味。三岁以下孩子请大人看着吃。含乳。',
      ].join('\n\n'),
      en: [
        'Small round tablets of a little over two grams, pressed from our own milk powder with some sugar and maltodextrin, enough to hold them together.',
        'Let one melt and it turns creamy; bite it and it crumbles. Each is wrapped on its own, for the desk, the school bag or the basket you carry up the hill.',
        'They are only lightly sweet. What stays in the mouth is milk. Watch over children under three. Contains milk.',
      ].join('\n\n'),
    },
    origin: nanshan,
    season: allYear,
    shelfLifeDays: 365,
    storage: {
      'zh-CN': '阴凉干燥处存放，避免受潮。夏天别留在车里。',
      en: 'Keep cool and dry. Do not leave them in a car in summer.',
    },
    aliases: ['奶片', '奶贝', '牛奶片', '干吃奶片', '零食', 'milk tablets', 'milk candy', 'milk sweets'],
    certificates: [],
    variants: [
      {
        sku: 'NMT-150',
        name: { 'zh-CN': '3两袋（150克）', en: '150 g bag' },
        netGrams: 150,
        grossGrams: 190,
        priceFen: 1680,
        gtin: '2900000000162',
      },
      {
        sku: 'NMT-450',
        name: { 'zh-CN': '3袋装（450克）', en: 'Three bags, 450 g' },
        netGrams: 450,
        grossGrams: 570,
        priceFen: 4680,
        gtin: '2900000000179',
      },
    ],
    image: 'products/nanshan-milk-tablets.svg',
    imageAlt: { 'zh-CN': '几片奶片和一只小纸袋', en: 'A few milk tablets beside a small paper bag' },
  },
  {
    slug: 'nanshan-yogurt',
    cooperative: 'nanshan',
    category: 'dairy',
    name: { 'zh-CN': '南山凝固型酸奶', en: 'Nanshan set yogurt' },
    tagline: {
      'zh-CN': '勺子挖得起来，酸甜正好',
      en: 'Firm enough to stand a spoon in, sweet and sour in balance',
    },
    story: {
      'zh-CN': [
        '鲜奶杀菌后加菌种和少许白砂糖，先装杯再发酵，所以是凝住的，一勺下去有个坑，边上慢慢渗出一点乳清，这是正常的。',
        '味道偏厚，先酸后甜。嫌酸就淋一勺城步蜂蜜，或者切半个猕猴桃进去。',
        '冷链发货，到手先放冰箱。路上晃散了不影响吃，坏了杯拍照给我们。含乳。',
      ].join('\n\n'),
      en: [
        'Fresh milk is pasteurised, given its culture and a little sugar, and poured before it sets, so it ferments in the cup. A spoon leaves a clean hollow, with a few drops of whey at the edge, as there should be.',
        'It is rather thick, sour at the start and sweet at the end. If you find it sharp, a spoonful of Chengbu honey or half a kiwi will settle it.',
        'It travels cold. Put it in the refrigerator when it arrives. A shaken cup is still good; send us a picture of a broken one. Contains milk.',
      ].join('\n\n'),
    },
    origin: nanshan,
    season: allYear,
    shelfLifeDays: 21,
    storage: {
      'zh-CN': '2至6℃冷藏，不要冷冻。开杯后当天吃完。',
      en: 'Refrigerate at 2–6 °C. Do not freeze. Eat on the day of opening.',
    },
    aliases: ['酸奶', '酸牛奶', '老酸奶', '优格', 'yogurt', 'yoghurt', 'set yogurt'],
    certificates: [{ kind: 'test_report', number: 'DEMO-TR-2025-0303', issuer: laboratory, ...to2029 }],
    variants: [
      {
        sku: 'YGT-900',
        name: { 'zh-CN': '6杯（150克×6）', en: '6 cups of 150 g' },
        netGrams: 900,
        grossGrams: 1500,
        priceFen: 2980,
        gtin: '2900000000186',
      },
      {
        sku: 'YGT-1800',
        name: { 'zh-CN': '12杯（150克×12）', en: '12 cups of 150 g' },
        netGrams: 1800,
        grossGrams: 2700,
        priceFen: 5480,
        gtin: '2900000000193',
      },
    ],
    image: 'products/nanshan-yogurt.svg',
    imageAlt: { 'zh-CN': '一杯凝固型酸奶和一把小勺', en: 'A cup of set yogurt and a small spoon' },
  },
];
