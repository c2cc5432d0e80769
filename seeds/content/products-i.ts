import type { ProductContent } from './types.ts';

const hills = { 'zh-CN': '湖南山村，松林与坡地', en: 'Pine woods and slopes of a village in Hunan' };

/** Matsutake and grapes. */
export const productsI: ProductContent[] = [
  {
    slug: 'matsutake-dried',
    cooperative: 'songrong',
    category: 'mushroom',
    name: { 'zh-CN': '松茸菌干片', en: 'Dried matsutake slices' },
    tagline: { 'zh-CN': '炖汤放几片，满屋松林味', en: 'A few slices, and the soup smells of pine woods' },
    story: {
      'zh-CN': [
        '雨后天没亮进松林，用竹片轻轻起菌，采完把土按回去。上午送到村里，刷净泥，纵着切片，低温烘到一折就断。',
        '干片比鲜的香气更沉。温水泡二十分钟，泡的水滤掉沙别倒，一起下锅，炖鸡、煮粥、焖饭都合适，一锅放五六克就够。',
        '十来斤鲜菌才烘出一斤，片有大有小，边上碎一点属正常。要煮熟了吃。',
      ].join('\n\n'),
      en: [
        'After rain the pickers are in the pine woods before daylight. Each mushroom is eased out with a slip of bamboo, and the soil pressed back. By noon they are in the village, brushed clean, sliced lengthwise and dried at low heat until they snap.',
        'Dried, the scent is deeper than fresh. Soak for twenty minutes in warm water, strain off the grit and keep the liquid for the pot. Five or six grams will do for a chicken soup, a congee or a pan of rice.',
        'Some ten kilograms of fresh mushrooms make one of dried. Slices vary, and some edges break. Cook them through before eating.',
      ].join('\n\n'),
    },
    origin: hills,
    season: [7, 8, 9],
    shelfLifeDays: 365,
    storage: {
      'zh-CN': '密封避光，干燥处存放；梅雨天放冰箱。',
      en: 'Keep sealed, dark and dry. In damp months keep in the refrigerator.',
    },
    aliases: [
      '松茸',
      '松茸菌',
      '松口蘑',
      '干松茸',
      '野生菌',
      '菌子',
      '蘑菇',
      'matsutake',
      'pine mushroom',
      'dried mushrooms',
    ],
    certificates: [],
    variants: [
      {
        sku: 'MAT-50',
        name: { 'zh-CN': '1两袋（50克）', en: '50 g bag' },
        netGrams: 50,
        grossGrams: 120,
        priceFen: 9800,
        gtin: '2900000000599',
      },
      {
        sku: 'MAT-100',
        name: { 'zh-CN': '2两罐（100克）', en: '100 g jar' },
        netGrams: 100,
        grossGrams: 280,
        priceFen: 18800,
        gtin: '2900000000605',
      },
    ],
    image: 'products/matsutake-dried.svg',
    imageAlt: { 'zh-CN': '几片干松茸和松针', en: 'Slices of dried matsutake with pine needles' },
  },
  {
    slug: 'village-grapes',
    cooperative: 'songrong',
    category: 'fruit',
    name: { 'zh-CN': '山村葡萄', en: 'Village grapes' },
    tagline: {
      'zh-CN': '皮厚味浓，甜里有酸，带果粉',
      en: 'Thick-skinned and full, sweet with some acid, the bloom still on',
    },
    story: {
      'zh-CN': [
        '种葡萄的人手艺不差，从前愁的是卖。驻村工作队帮着跑销路，那年的销售收入比上一年多了20%，今年架子又添了一排。',
        '一串留四五十粒，多的剪掉，好让每粒都晒着太阳。紫黑的皮上有一层白霜，是葡萄自己的果粉。皮略厚，挤着吃，汁甜，皮里有香。',
        '清早剪，中午装箱，隔层垫珍珠棉。路上难免掉几粒，一箱里掉得多了找我们补。',
      ].join('\n\n'),
      en: [
        'The grower always knew grapes. Selling was the worry. The village work team went looking for buyers too, takings that year rose by 20 per cent, and another row of trellis has gone up.',
        'A bunch is thinned to forty or fifty berries, so that each has some sun. The white bloom on the dark skin is the grape’s own. The skin is on the thick side: squeeze the berry into your mouth for the juice, then taste the scent in the skin.',
        'Cut at dawn, boxed by noon, with foam between the layers. A few berries will drop on the road. If it is more than a few, tell us and we make it good.',
      ].join('\n\n'),
    },
    origin: hills,
    season: [8, 9],
    shelfLifeDays: 7,
    storage: {
      'zh-CN': '不洗，整串冷藏；吃多少洗多少。',
      en: 'Refrigerate in the bunch, unwashed. Wash only what you are about to eat.',
    },
    aliases: ['葡萄', '提子', '紫葡萄', '鲜葡萄', 'grapes', 'table grapes'],
    certificates: [],
    variants: [
      {
        sku: 'GRP-1500',
        name: { 'zh-CN': '3斤箱（1.5千克）', en: '1.5 kg box' },
        netGrams: 1500,
        grossGrams: 1950,
        priceFen: 3280,
        gtin: '2900000000612',
      },
      {
        sku: 'GRP-2500',
        name: { 'zh-CN': '5斤箱（2.5千克）', en: '2.5 kg box' },
        netGrams: 2500,
        grossGrams: 3100,
        priceFen: 4980,
        gtin: '2900000000629',
      },
    ],
    image: 'products/village-grapes.svg',
    imageAlt: { 'zh-CN': '一串带果粉的紫葡萄', en: 'A bunch of purple grapes with the bloom on' },
  },
];
