import { certifier, to2029, to2030 } from './certificates.ts';
import type { ProductContent } from './types.ts';

const highland = {
  'zh-CN': '湖南省邵阳市城步苗族自治县（高山菜地）',
  en: 'Highland plots, Chengbu Miao Autonomous County, Hunan',
};

/** Vegetables of the Chengbu highlands. */
export const productsD: ProductContent[] = [
  {
    slug: 'highland-cabbage',
    cooperative: 'chengbu-highland',
    category: 'vegetable',
    name: { 'zh-CN': '城步高山卷心菜', en: 'Chengbu highland cabbage' },
    tagline: { 'zh-CN': '叶子紧，口感脆，炒出来带甜', en: 'Tight, crisp, and sweet from the pan' },
    story: {
      'zh-CN': [
        '高坡上夜里凉，卷心菜包得慢，叶子一层压一层，拿在手里沉。天没亮砍下来，只剥掉外面的老叶，带着一两片护叶装箱。',
        '手撕比刀切好，断口毛糙，挂得住味。锅烧热，下干辣椒和蒜，大火几十秒，出锅前沿锅边点一点醋。',
        '这批菜地持有绿色食品证书。外叶有几个虫眼属于正常。',
      ].join('\n\n'),
      en: [
        'Nights are cold on the upper slopes and the heads close slowly, leaf over leaf, until they weigh in the hand. They are cut before dawn, stripped of the old leaves and boxed with one or two left on for protection.',
        'Tear rather than slice, so the rough edges hold the seasoning. Hot pan, dried chilli, garlic, less than a minute over a high flame, and a little vinegar down the side before it leaves.',
        'The plots carry a green food certificate. A few holes in the outer leaves are the work of caterpillars, and to be expected.',
      ].join('\n\n'),
    },
    origin: highland,
    season: [6, 7, 8, 9, 10],
    shelfLifeDays: 15,
    storage: {
      'zh-CN': '不洗，用纸包好，冷藏保存。切开的先吃。',
      en: 'Do not wash. Wrap in paper and refrigerate. Use cut heads soon.',
    },
    aliases: ['卷心菜', '包菜', '圆白菜', '洋白菜', '高丽菜', '莲花白', '甘蓝', 'cabbage', 'white cabbage'],
    certificates: [{ kind: 'green_food', number: 'DEMO-GF-2025-0401', issuer: certifier, ...to2030 }],
    variants: [
      {
        sku: 'HCB-2500',
        name: { 'zh-CN': '5斤，2至3个（2.5千克）', en: '2.5 kg, 2 or 3 heads' },
        netGrams: 2500,
        grossGrams: 2950,
        priceFen: 1880,
        gtin: '2900000000209',
      },
      {
        sku: 'HCB-5000',
        name: { 'zh-CN': '10斤箱（5千克）', en: '5 kg box' },
        netGrams: 5000,
        grossGrams: 5700,
        priceFen: 3080,
        gtin: '2900000000216',
      },
    ],
    image: 'products/highland-cabbage.svg',
    imageAlt: { 'zh-CN': '一颗包得紧的卷心菜', en: 'A tightly closed head of cabbage' },
  },
  {
    slug: 'highland-radish',
    cooperative: 'chengbu-highland',
    category: 'vegetable',
    name: { 'zh-CN': '城步高山白萝卜', en: 'Chengbu highland radish' },
    tagline: {
      'zh-CN': '水多肉细，生吃微辣，炖汤清甜',
      en: 'Juicy and close-grained, mildly hot raw, sweet in soup',
    },
    story: {
      'zh-CN': [
        '山上的土松，萝卜往下扎得直，皮薄，指甲一掐就出水。拔出来抖掉土，不水洗，这样放得久。',
        '切厚块和骨头一起炖，炖到筷子能穿过去；或者切薄片，用盐、醋、辣椒腌半个钟头，就是一碟下饭菜。萝卜皮别扔，腌了更脆。',
        '菜地持有无公害农产品证书。萝卜缨发货前去掉，免得路上抽走水分。',
      ].join('\n\n'),
      en: [
        'The soil up here is loose, so the roots go straight down. The skin is thin, and a fingernail brings out water. Earth is shaken off, not washed off, which makes them keep.',
        'Simmer in thick pieces with bones until a chopstick goes through. Or slice thin and leave for half an hour in salt, vinegar and chilli, to eat with rice. The peel makes the crispest pickle.',
        'The plots carry a pollution-free produce certificate. Leaves are taken off before sending, as they draw water from the root.',
      ].join('\n\n'),
    },
    origin: highland,
    season: [6, 7, 8, 9, 10, 11],
    shelfLifeDays: 20,
    storage: {
      'zh-CN': '带土用纸或袋包好，冷藏或放阴凉处。',
      en: 'Leave the soil on, wrap, and keep refrigerated or cool and dark.',
    },
    aliases: ['白萝卜', '萝卜', '大根', 'radish', 'daikon', 'mooli', 'white radish'],
    certificates: [{ kind: 'pollution_free', number: 'DEMO-PF-2025-0402', issuer: certifier, ...to2029 }],
    variants: [
      {
        sku: 'HRD-2500',
        name: { 'zh-CN': '5斤，3至5根（2.5千克）', en: '2.5 kg, 3 to 5 roots' },
        netGrams: 2500,
        grossGrams: 2900,
        priceFen: 1680,
        gtin: '2900000000223',
      },
      {
        sku: 'HRD-5000',
        name: { 'zh-CN': '10斤箱（5千克）', en: '5 kg box' },
        netGrams: 5000,
        grossGrams: 5600,
        priceFen: 2780,
        gtin: '2900000000230',
      },
    ],
    image: 'products/highland-radish.svg',
    imageAlt: { 'zh-CN': '几根白萝卜', en: 'A few white radishes' },
  },
  {
    slug: 'highland-pepper',
    cooperative: 'chengbu-highland',
    category: 'vegetable',
    name: { 'zh-CN': '城步高山辣椒', en: 'Chengbu highland peppers' },
    tagline: { 'zh-CN': '皮薄肉厚，香在辣前面', en: 'Thin-skinned, fleshy, fragrant before they are hot' },
    story: {
      'zh-CN': [
        '湖南人炒菜离不开的那种青椒，长条、微皱，拿在手里轻轻一捏会响。坡上温差大，椒长得慢，肉厚，辣度中等，香味先出来。',
        '拍扁了，锅里不放油先干煸出虎皮，再下油、蒜、豆豉；或者切圈炒五花肉，就是小炒肉。怕辣的把筋和籽去掉。',
        '分批采，青的居多，天凉后会带几个转红的。菜地持有无公害农产品证书。',
      ].join('\n\n'),
      en: [
        'This is the pepper a Hunan kitchen cannot do without, long, a little wrinkled, with a snap when you squeeze it. Cool nights make it fleshy. The heat is middling and the scent comes before it.',
        'Flatten them and blister in a dry pan, then add oil, garlic and fermented black beans. Or cut in rings and fry with pork belly, which is the dish Hunan is known for. Remove ribs and seeds for less heat.',
        'Picked in rounds, mostly green, with a few turning red as the weather cools. The plots carry a pollution-free produce certificate.',
      ].join('\n\n'),
    },
    origin: highland,
    season: [7, 8, 9, 10],
    shelfLifeDays: 10,
    storage: {
      'zh-CN': '不洗，擦干水汽，装袋留口，冷藏。',
      en: 'Do not wash. Wipe dry and refrigerate in an open bag.',
    },
    aliases: [
      '辣椒',
      '青椒',
      '青辣椒',
      '螺丝椒',
      '海椒',
      '小炒肉辣椒',
      'pepper',
      'green chilli',
      'chili',
      'chilli pepper',
    ],
    certificates: [{ kind: 'pollution_free', number: 'DEMO-PF-2025-0403', issuer: certifier, ...to2029 }],
    variants: [
      {
        sku: 'HPP-1000',
        name: { 'zh-CN': '2斤（1千克）', en: '1 kg' },
        netGrams: 1000,
        grossGrams: 1250,
        priceFen: 1580,
        gtin: '2900000000247',
      },
      {
        sku: 'HPP-2500',
        name: { 'zh-CN': '5斤（2.5千克）', en: '2.5 kg' },
        netGrams: 2500,
        grossGrams: 2900,
        priceFen: 3480,
        gtin: '2900000000254',
      },
    ],
    image: 'products/highland-pepper.svg',
    imageAlt: { 'zh-CN': '一把青辣椒', en: 'A handful of green peppers' },
  },
];
