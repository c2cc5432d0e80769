import { certifier, laboratory, to2029, to2030 } from './certificates.ts';
import type { ProductContent } from './types.ts';

const chengbu = {
  'zh-CN': '湖南省邵阳市城步苗族自治县',
  en: 'Chengbu Miao Autonomous County, Shaoyang, Hunan',
};

/** Honey of Huifeng. */
export const productsA: ProductContent[] = [
  {
    slug: 'chengbu-honey',
    cooperative: 'huifeng',
    category: 'honey',
    name: { 'zh-CN': '城步中蜂蜜', en: 'Chengbu wildflower honey' },
    tagline: {
      'zh-CN': '山花百样，入口温润，回味有一点果酸',
      en: 'Mixed mountain blossom, mellow, with a fruity edge',
    },
    story: {
      'zh-CN': [
        '蜂是本地的中蜂，花是山上开什么采什么：乌桕、五倍子、板栗、各色野花。每年的花不一样，蜜的颜色也有深有浅，从浅琥珀到深琥珀都正常。',
        '等蜂把巢房封了盖才取，水分低，勺子提起来拉得出细线。天冷会结晶，变成细细的白砂，这是蜜自己的脾气，隔着40℃左右的温水放一会儿就化开。',
        '早上抹馒头、拌酸奶，或者用温水冲一杯都好。水太烫香气就跑了。一周岁以内的婴儿不要吃蜂蜜。',
      ].join('\n\n'),
      en: [
        'The bees are the native Chinese kind and they take what the hills offer: tallow tree, sumac, chestnut, a hundred small flowers. No two years bloom alike, so the colour runs from pale amber to dark.',
        'Combs are taken once the bees have capped them, when the honey is thick enough to fall from the spoon in a fine thread. In cold weather it sets to a white grain. Stand the jar in warm water, about 40 °C, and it will clear.',
        'Spread it on a split mantou, stir it into yogurt, or loosen it in warm water. Very hot water drives the scent away. Not for babies under one year.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [6, 7, 9, 10],
    shelfLifeDays: 730,
    storage: {
      'zh-CN': '拧紧瓶盖，放阴凉处，避免阳光直射。取蜜用干净无水的勺子。',
      en: 'Keep tightly closed in a cool place out of the sun. Use a clean, dry spoon.',
    },
    aliases: [
      '蜂蜜',
      '土蜂蜜',
      '中蜂蜂蜜',
      '城步蜂蜜',
      '百花蜜',
      '蜜糖',
      'Chengbu honey',
      'Chinese bee honey',
      'fengmi',
    ],
    certificates: [
      { kind: 'green_food', number: 'DEMO-GF-2025-0101', issuer: certifier, ...to2030 },
      { kind: 'test_report', number: 'DEMO-TR-2025-0101', issuer: laboratory, ...to2029 },
    ],
    variants: [
      {
        sku: 'HNY-500',
        name: { 'zh-CN': '1斤瓶（500克）', en: '500 g jar' },
        netGrams: 500,
        grossGrams: 820,
        priceFen: 3900,
        gtin: '2900000000018',
      },
      {
        sku: 'HNY-1000',
        name: { 'zh-CN': '2斤瓶（1千克）', en: '1 kg jar' },
        netGrams: 1000,
        grossGrams: 1480,
        priceFen: 7500,
        gtin: '2900000000025',
      },
      {
        sku: 'HNY-2500',
        name: { 'zh-CN': '5斤桶（2.5千克）', en: '2.5 kg tub' },
        netGrams: 2500,
        grossGrams: 2900,
        priceFen: 18000,
        gtin: '2900000000032',
      },
    ],
    image: 'products/chengbu-honey.svg',
    imageAlt: { 'zh-CN': '一瓶琥珀色的城步中蜂蜜', en: 'A jar of amber Chengbu honey' },
  },
  {
    slug: 'chengbu-winter-honey',
    cooperative: 'huifeng',
    category: 'honey',
    name: { 'zh-CN': '城步野桂花冬蜜', en: 'Chengbu winter honey' },
    tagline: { 'zh-CN': '颜色浅，花香清，结晶细白', en: 'Pale and floral, setting fine and white' },
    story: {
      'zh-CN': [
        '入冬后山上还有一种花开着，学名柃木，本地人叫野桂花，花小得像米粒，香得很远。天气好的中午，中蜂出来采上一两个钟头，一个冬天攒不了多少。',
        '新取的冬蜜颜色浅，接近淡茶色，几周后慢慢结晶，细白，像软的奶油。味道清，甜得不重，咽下去还有花香。',
        '结晶了不用化，直接挖一勺抹面包、抹馒头，口感绵密。想冲水喝，等水晾温再放。一周岁以内的婴儿不要吃蜂蜜。',
      ].join('\n\n'),
      en: [
        'One flower still opens on these hills in winter: Eurya, which the villagers call wild osmanthus, no bigger than a grain of rice and scented far beyond its size. On a fine noon the bees fly for an hour or two. By spring they have put away a little.',
        'New winter honey is the colour of weak tea. Within weeks it sets by itself, white and fine as soft butter. The sweetness is light, and the flower stays after it.',
        'There is no need to melt it. Spread it as it is on bread or a warm mantou, and if you want it in water, let the water cool a little. Not for babies under one year.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [11, 12, 1],
    shelfLifeDays: 730,
    storage: {
      'zh-CN': '密封，阴凉避光。放冰箱冷藏能保持细腻的结晶。',
      en: 'Keep sealed, cool and dark. In the refrigerator it keeps its fine set.',
    },
    aliases: ['冬蜜', '野桂花蜜', '柃木蜜', '结晶蜜', '蜂蜜', 'winter honey', 'Eurya honey', 'creamed honey'],
    certificates: [{ kind: 'test_report', number: 'DEMO-TR-2025-0102', issuer: laboratory, ...to2029 }],
    variants: [
      {
        sku: 'HNW-250',
        name: { 'zh-CN': '半斤瓶（250克）', en: '250 g jar' },
        netGrams: 250,
        grossGrams: 460,
        priceFen: 2980,
        gtin: '2900000000049',
      },
      {
        sku: 'HNW-500',
        name: { 'zh-CN': '1斤瓶（500克）', en: '500 g jar' },
        netGrams: 500,
        grossGrams: 820,
        priceFen: 5600,
        gtin: '2900000000056',
      },
    ],
    image: 'products/chengbu-winter-honey.svg',
    imageAlt: { 'zh-CN': '一瓶结晶细白的冬蜜', en: 'A jar of winter honey, set fine and white' },
  },
  {
    slug: 'chengbu-comb-honey',
    cooperative: 'huifeng',
    category: 'honey',
    name: { 'zh-CN': '城步中蜂巢蜜', en: 'Chengbu comb honey' },
    tagline: { 'zh-CN': '整块切下来，连着巢一起吃', en: 'Cut whole from the frame, to be eaten wax and all' },
    story: {
      'zh-CN': [
        '巢蜜就是蜂自己封好的那一块，从框上切下来，沥一沥，直接装盒，没有经过摇蜜和过滤。',
        '咬下去蜜先流出来，剩下一小团蜂蜡，嚼几下吐掉就行。配一块咸一点的饼干，或者放在切开的热馒头上让它慢慢软下来。',
        '每块大小有出入，按净重称足。路上难免渗一点蜜，盒子外面套了袋。一周岁以内的婴儿不要吃蜂蜜。',
      ].join('\n\n'),
      en: [
        'This is the piece the bees sealed themselves, cut from the frame, drained for a while and boxed. It has been neither spun nor strained.',
        'Bite, and the honey runs. What remains is a little wax, to be chewed and put aside. Try it on a salty cracker, or let it soften over a hot split mantou.',
        'Pieces differ in shape and are weighed to the stated net weight. A few drops may escape on the road, so each box travels in a bag. Not for babies under one year.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [6, 7, 8, 9],
    shelfLifeDays: 365,
    storage: {
      'zh-CN': '平放，阴凉避光，25℃以下。开盒后冷藏，一个月内吃完。',
      en: 'Keep flat, dark and below 25 °C. Once opened, refrigerate and finish within a month.',
    },
    aliases: ['巢蜜', '蜂巢蜜', '蜂巢', '嚼着吃的蜜', 'honeycomb', 'comb honey'],
    certificates: [],
    variants: [
      {
        sku: 'HNC-250',
        name: { 'zh-CN': '半斤盒（250克）', en: '250 g box' },
        netGrams: 250,
        grossGrams: 420,
        priceFen: 4200,
        gtin: '2900000000063',
      },
      {
        sku: 'HNC-500',
        name: { 'zh-CN': '1斤盒（500克）', en: '500 g box' },
        netGrams: 500,
        grossGrams: 720,
        priceFen: 7800,
        gtin: '2900000000070',
      },
    ],
    image: 'products/chengbu-comb-honey.svg',
    imageAlt: { 'zh-CN': '一块封了盖的巢蜜', en: 'A piece of capped honeycomb' },
  },
];
