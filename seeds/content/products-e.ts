import { certifier, laboratory, to2029, to2030 } from './certificates.ts';
import type { ProductContent } from './types.ts';

const chengbu = {
  'zh-CN': '湖南省邵阳市城步苗族自治县',
  en: 'Chengbu Miao Autonomous County, Shaoyang, Hunan',
};
const allYear = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Rice, hens and eggs of the Chengbu highlands. */
export const productsE: ProductContent[] = [
  {
    slug: 'chengbu-rice',
    cooperative: 'chengbu-highland',
    category: 'rice',
    name: { 'zh-CN': '城步优质稻米', en: 'Chengbu mountain rice' },
    tagline: {
      'zh-CN': '长粒，软而不粘，冷了也不回生',
      en: 'Long grain, soft but separate, still tender when cold',
    },
    story: {
      'zh-CN': [
        '山里的田一年只种一季，引山溪水，水凉，稻子比坝上多长十来天。秋天收割，晒到合适的水分，带壳存着，下单以后才碾。',
        '米粒细长，煮出来软，有淡淡的米香，不粘成团。淘两遍就够，米和水一比一点二，煮好再焖十分钟。剩饭第二天炒，粒粒分得开。',
        '这款米持有绿色食品证书。袋上印着碾米日期，早点吃完香味足。',
      ].join('\n\n'),
      en: [
        'Mountain paddies bear once a year. The water comes straight off the hill and is cold, so the rice stands some ten days longer than in the valley. It is cut in autumn, dried, kept in the husk, and milled after you order.',
        'The grains are long and slim, cook soft and do not clump, with a quiet scent. Two rinses are enough. Take 1.2 parts of water to one of rice and leave it covered for ten minutes at the end. What is left over fries well the next day.',
        'It carries a green food certificate. The milling date is on the bag; the scent is fuller in the early weeks.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [9, 10],
    shelfLifeDays: 180,
    storage: {
      'zh-CN': '密封，阴凉干燥处存放。夏天分装冷藏，防虫防潮。',
      en: 'Keep sealed, cool and dry. In summer divide it up and refrigerate.',
    },
    aliases: [
      '大米',
      '新米',
      '稻米',
      '长粒米',
      '优质稻',
      '籼米',
      '米',
      'rice',
      'long-grain rice',
      'new-crop rice',
    ],
    certificates: [{ kind: 'green_food', number: 'DEMO-GF-2025-0404', issuer: certifier, ...to2030 }],
    variants: [
      {
        sku: 'RIC-2500',
        name: { 'zh-CN': '5斤袋（2.5千克）', en: '2.5 kg bag' },
        netGrams: 2500,
        grossGrams: 2650,
        priceFen: 2980,
        gtin: '2900000000261',
      },
      {
        sku: 'RIC-5000',
        name: { 'zh-CN': '10斤袋（5千克）', en: '5 kg bag' },
        netGrams: 5000,
        grossGrams: 5200,
        priceFen: 5680,
        gtin: '2900000000278',
      },
      {
        sku: 'RIC-10000',
        name: { 'zh-CN': '20斤袋（10千克）', en: '10 kg bag' },
        netGrams: 10000,
        grossGrams: 10300,
        priceFen: 10800,
        gtin: '2900000000285',
      },
    ],
    image: 'products/chengbu-rice.svg',
    imageAlt: { 'zh-CN': '一袋米和一碗白饭', en: 'A bag of rice and a bowl of cooked rice' },
  },
  {
    slug: 'black-bone-chicken',
    cooperative: 'chengbu-highland',
    category: 'poultry',
    name: { 'zh-CN': '城步乌骨鸡', en: 'Chengbu black-bone chicken' },
    tagline: {
      'zh-CN': '林下养足日子，肉紧，汤香',
      en: 'Raised slowly under the trees, firm meat, fragrant broth',
    },
    story: {
      'zh-CN': [
        '乌骨鸡皮黑、骨黑，养得慢。白天放到林子下，刨土、啄虫、吃草籽，傍晚撒一把碎米和玉米叫回来，养够半年才出栏。',
        '宰好、去内脏、真空急冻，整只发。前一晚放冷藏慢慢化冻，斩块焯水，加姜片和一小把红枣，小火一个半小时，出锅前再放盐。汤面浮一层黄油，肉要嚼一嚼。',
        '鸡群持有无公害农产品证书。每只大小略有不同，低于标示净重的不发。',
      ].join('\n\n'),
      en: [
        'Black in skin and bone, and slow to grow. By day the hens scratch under the trees for insects and seeds; at dusk a handful of broken rice and maize calls them home. They are kept for at least half a year.',
        'Each is dressed, vacuum-packed and frozen whole. Thaw overnight in the refrigerator, joint and blanch it, then simmer with ginger and a few red dates for an hour and a half, and salt at the end. The broth has a gold surface and the meat wants chewing.',
        'The flock carries a pollution-free produce certificate. Birds vary a little; none is sent below the stated weight.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: allYear,
    shelfLifeDays: 180,
    storage: {
      'zh-CN': '零下18℃冷冻保存。化冻后当天做完，不要再冻。',
      en: 'Keep frozen at −18 °C. Cook on the day it thaws and do not refreeze.',
    },
    aliases: [
      '乌鸡',
      '乌骨鸡',
      '黑鸡',
      '土鸡',
      '林下鸡',
      '炖汤鸡',
      'black chicken',
      'black-bone hen',
      'silkie',
    ],
    certificates: [{ kind: 'pollution_free', number: 'DEMO-PF-2025-0405', issuer: certifier, ...to2029 }],
    variants: [
      {
        sku: 'BBC-1000',
        name: { 'zh-CN': '整只，净重2斤（1千克）', en: 'Whole bird, 1 kg' },
        netGrams: 1000,
        grossGrams: 1900,
        priceFen: 8800,
        gtin: '2900000000292',
      },
      {
        sku: 'BBC-2000',
        name: { 'zh-CN': '两只，净重4斤（2千克）', en: 'Two birds, 2 kg' },
        netGrams: 2000,
        grossGrams: 3100,
        priceFen: 16800,
        gtin: '2900000000308',
      },
    ],
    image: 'products/black-bone-chicken.svg',
    imageAlt: { 'zh-CN': '林子下的一只乌骨鸡', en: 'A black-bone hen under the trees' },
  },
  {
    slug: 'black-bone-chicken-eggs',
    cooperative: 'chengbu-highland',
    category: 'poultry',
    name: { 'zh-CN': '城步乌骨鸡蛋', en: 'Chengbu black-bone hen eggs' },
    tagline: {
      'zh-CN': '个头小，蛋黄大，炒出来黄澄澄',
      en: 'Small eggs with large yolks, golden in the pan',
    },
    story: {
      'zh-CN': [
        '林下散养的乌骨鸡下的蛋，个头不大，一个四十五克上下，壳色有浅绿也有米白，同一盒里深浅不一。',
        '蛋黄占得多，打散了颜色深。蒸蛋羹用温水，蛋和水一比一点五，盖盘子小火蒸；煎荷包蛋，边上焦一圈就好。',
        '两天捡一次，挑过裂纹再装进珍珠棉托。路上碎了，拍照来，碎几个补几个。含蛋。',
      ].join('\n\n'),
      en: [
        'Laid by the hens that range under the trees: small eggs of about 45 grams, pale green or cream, and no two in a box quite alike.',
        'The yolk takes up much of the egg and beats to a deep colour. For steamed custard use one part egg to one and a half of warm water, covered, over a low flame. Or fry them until the rim is brown.',
        'Gathered every other day, checked for cracks and packed in moulded foam. Send a picture of any that break and we replace them. Contains egg.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: allYear,
    shelfLifeDays: 30,
    storage: {
      'zh-CN': '大头朝上，冷藏。吃之前再洗。',
      en: 'Refrigerate, round end up. Wash just before use.',
    },
    aliases: ['乌鸡蛋', '土鸡蛋', '鸡蛋', '绿壳蛋', '柴鸡蛋', 'eggs', 'hen eggs', 'black-bone chicken eggs'],
    certificates: [{ kind: 'test_report', number: 'DEMO-TR-2025-0406', issuer: laboratory, ...to2029 }],
    variants: [
      {
        sku: 'BBE-15',
        name: { 'zh-CN': '15枚（约675克）', en: '15 eggs, about 675 g' },
        netGrams: 675,
        grossGrams: 1050,
        priceFen: 2980,
        gtin: '2900000000315',
      },
      {
        sku: 'BBE-30',
        name: { 'zh-CN': '30枚（约1.35千克）', en: '30 eggs, about 1.35 kg' },
        netGrams: 1350,
        grossGrams: 1950,
        priceFen: 5580,
        gtin: '2900000000322',
      },
    ],
    image: 'products/black-bone-chicken-eggs.svg',
    imageAlt: { 'zh-CN': '一盒浅绿和米白的鸡蛋', en: 'A box of pale green and cream eggs' },
  },
];
