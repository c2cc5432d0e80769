import { certifier, laboratory, to2029, to2030 } from './certificates.ts';
import type { ProductContent } from './types.ts';

const chengbu = {
  'zh-CN': '湖南省邵阳市城步苗族自治县',
  en: 'Chengbu Miao Autonomous County, Shaoyang, Hunan',
};

/** Fruit of the Hongfa orchard. */
export const productsF: ProductContent[] = [
  {
    slug: 'miaoxiang-pear',
    cooperative: 'hongfa',
    category: 'fruit',
    name: { 'zh-CN': '城步苗香梨', en: 'Miaoxiang pears' },
    tagline: { 'zh-CN': '皮薄汁多，咬下去没有渣', en: 'Thin-skinned, running with juice, no grit' },
    story: {
      'zh-CN': [
        '春天疏果，一簇只留一两个；个头有乒乓球大时套上纸袋，一直套到采收，所以皮黄净，斑点少。',
        '肉白，汁多，甜里带一丝酸，核也小。冰一冰再吃更脆；切块和冰糖一起隔水蒸，汤也甜。',
        '基地持有绿色食品证书。梨怕碰，一个一个套网，皮上有细小的擦痕不影响吃。',
      ].join('\n\n'),
      en: [
        'In spring each cluster is thinned to one or two. When the fruit is as big as a table-tennis ball it is bagged, and stays so until picking, which is why the skin is clear and yellow.',
        'White flesh, plenty of juice, sweet with a thread of acid, and a small core. Chill for crispness, or steam pieces with rock sugar and drink what gathers in the bowl.',
        'The orchard carries a green food certificate. Each pear travels in its own net. Faint rub marks on the skin do no harm to the eating.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [7, 8],
    shelfLifeDays: 20,
    storage: {
      'zh-CN': '套着网，冷藏保存，不要和香蕉、苹果放一起。',
      en: 'Keep in the net and refrigerate, away from bananas and apples.',
    },
    aliases: ['苗香梨', '梨', '梨子', '水晶梨', '早熟梨', 'pear', 'Asian pear', 'sand pear', 'nashi'],
    certificates: [{ kind: 'green_food', number: 'DEMO-GF-2025-0501', issuer: certifier, ...to2030 }],
    variants: [
      {
        sku: 'PER-2500',
        name: { 'zh-CN': '5斤，8至10个（2.5千克）', en: '2.5 kg, 8 to 10 fruits' },
        netGrams: 2500,
        grossGrams: 3000,
        priceFen: 3280,
        gtin: '2900000000339',
      },
      {
        sku: 'PER-5000',
        name: { 'zh-CN': '10斤箱（5千克）', en: '5 kg box' },
        netGrams: 5000,
        grossGrams: 5800,
        priceFen: 5880,
        gtin: '2900000000346',
      },
    ],
    image: 'products/miaoxiang-pear.svg',
    imageAlt: { 'zh-CN': '两个黄皮苗香梨', en: 'Two yellow Miaoxiang pears' },
  },
  {
    slug: 'hong-mei-ren-citrus',
    cooperative: 'hongfa',
    category: 'fruit',
    name: { 'zh-CN': '城步红美人柑橘', en: 'Hong Mei Ren citrus' },
    tagline: {
      'zh-CN': '果肉软得像果冻，囊衣几乎吃不出来',
      en: 'Soft as jelly, with membranes you hardly notice',
    },
    story: {
      'zh-CN': [
        '红美人皮薄，紧贴着肉，橙红色，闻着有橙子的香。要在棚里避着雨长，树上不能留太多果，一棵结不了多少。',
        '不好剥，别硬撕。横着切成几瓣，直接咬，或者用勺子挖。肉软、汁多、甜，酸很轻，囊衣薄到一抿就化。',
        '果皮嫩，怕压，一个一格装。收到后先看一遍，软得厉害的那个先吃。',
      ].join('\n\n'),
      en: [
        'Hong Mei Ren is the mandarin hybrid bred in Japan as Ehime Kashi No. 28: thin orange-red skin that clings to the flesh and smells of sweet orange. It is grown under cover, out of the rain, and the trees are made to bear lightly.',
        'It does not peel well, so do not try. Cut it across in wedges and bite, or use a spoon. The flesh is soft, full of juice and sweet, with little acid, and the membranes vanish.',
        'The skin bruises, so each fruit has its own cell in the box. Look them over when they come and eat the softest before the others.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [11, 12, 1],
    shelfLifeDays: 15,
    storage: {
      'zh-CN': '单层摆开，阴凉通风处或冷藏。',
      en: 'Lay out in a single layer, cool and airy, or refrigerate.',
    },
    aliases: [
      '红美人',
      '爱媛',
      '爱媛28',
      '果冻橙',
      '柑橘',
      '橘子',
      '橙子',
      'Hong Mei Ren',
      'Ehime 28',
      'jelly orange',
      'mandarin',
    ],
    certificates: [],
    variants: [
      {
        sku: 'HMR-1500',
        name: { 'zh-CN': '3斤，8个礼盒（1.5千克）', en: '1.5 kg gift box, 8 fruits' },
        netGrams: 1500,
        grossGrams: 2050,
        priceFen: 4980,
        gtin: '2900000000353',
      },
      {
        sku: 'HMR-2500',
        name: { 'zh-CN': '5斤箱（2.5千克）', en: '2.5 kg box' },
        netGrams: 2500,
        grossGrams: 3100,
        priceFen: 7680,
        gtin: '2900000000360',
      },
    ],
    image: 'products/hong-mei-ren-citrus.svg',
    imageAlt: { 'zh-CN': '一个红美人和切开的果瓣', en: 'A Hong Mei Ren fruit with cut wedges' },
  },
  {
    slug: 'chengbu-kiwi',
    cooperative: 'hongfa',
    category: 'fruit',
    name: { 'zh-CN': '城步猕猴桃', en: 'Chengbu kiwi fruit' },
    tagline: {
      'zh-CN': '硬果发货，放软了吃，酸甜带香',
      en: 'Sent firm, eaten soft, sweet, sharp and scented',
    },
    story: {
      'zh-CN': [
        '坡上的猕猴桃九月以后才采，采前抽几个测糖，到了线才开剪。毛细，肉绿，心白。',
        '发货时是硬的，这样不怕路上颠。室温放三到七天，捏着像耳垂那样软就能吃。想快一点，和一个苹果装进袋子里，每天看一眼。',
        '对半切开，用小勺挖；也可以切丁拌酸奶。果园持有无公害农产品证书。',
      ].join('\n\n'),
      en: [
        'Kiwi on these slopes is left until September. A few are tested for sugar, and picking starts only when they pass. Fine down, green flesh, white heart.',
        'They travel hard, so that the road does not hurt them. Leave at room temperature for three to seven days, until they give like an ear lobe. An apple in the same bag hurries them along; look in every day.',
        'Halve and spoon, or dice into yogurt. The orchard carries a pollution-free produce certificate.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [9, 10, 11],
    shelfLifeDays: 30,
    storage: {
      'zh-CN': '硬果冷藏可放一个月；软了以后冷藏，3天内吃完。',
      en: 'Firm fruit keeps a month in the refrigerator. Once soft, refrigerate and eat within 3 days.',
    },
    aliases: ['猕猴桃', '奇异果', '毛桃', '阳桃', 'kiwi', 'kiwifruit', 'Chinese gooseberry'],
    certificates: [{ kind: 'pollution_free', number: 'DEMO-PF-2025-0503', issuer: certifier, ...to2029 }],
    variants: [
      {
        sku: 'KWI-1250',
        name: { 'zh-CN': '12个（约1.25千克）', en: '12 fruits, about 1.25 kg' },
        netGrams: 1250,
        grossGrams: 1600,
        priceFen: 2180,
        gtin: '2900000000377',
      },
      {
        sku: 'KWI-2500',
        name: { 'zh-CN': '5斤箱（2.5千克）', en: '2.5 kg box' },
        netGrams: 2500,
        grossGrams: 3000,
        priceFen: 3980,
        gtin: '2900000000384',
      },
    ],
    image: 'products/chengbu-kiwi.svg',
    imageAlt: { 'zh-CN': '切开的猕猴桃，绿肉白心', en: 'A cut kiwi fruit, green with a white heart' },
  },
  {
    slug: 'passion-fruit',
    cooperative: 'hongfa',
    category: 'fruit',
    name: { 'zh-CN': '城步百香果', en: 'Chengbu passion fruit' },
    tagline: { 'zh-CN': '酸得爽口，香得满屋', en: 'Sharp, bright, and it scents the room' },
    story: {
      'zh-CN': [
        '紫皮百香果爬在棚架上，熟了自己掉进网里，隔天捡一次，所以有的皮光，有的已经起皱。皱的酸少一点，更香。',
        '切开一个，挖进杯里，加一勺蜂蜜和凉水，搅开连籽喝；浇在酸奶上也合适。',
        '现摘现发，不催熟。收到如果皮还光，放两天再吃。',
      ].join('\n\n'),
      en: [
        'Purple passion fruit climbs over trellises and drops into nets when ripe. It is gathered every other day, so some are smooth and some already wrinkled. The wrinkled are less sharp and more fragrant.',
        'Scoop one into a glass with a spoonful of honey and cold water, and drink it seeds and all. It is good over yogurt too.',
        'Sent as gathered, with nothing done to ripen them. If the skin is smooth, wait two days.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [7, 8, 9, 10, 11],
    shelfLifeDays: 20,
    storage: {
      'zh-CN': '阴凉处放着，皱皮后冷藏。果肉挖出来可以冻成小块。',
      en: 'Keep cool; refrigerate once wrinkled. The pulp freezes well in cubes.',
    },
    aliases: ['百香果', '西番莲', '鸡蛋果', '热情果', 'passion fruit', 'passionfruit', 'maracuya'],
    certificates: [{ kind: 'test_report', number: 'DEMO-TR-2025-0504', issuer: laboratory, ...to2029 }],
    variants: [
      {
        sku: 'PSF-1500',
        name: { 'zh-CN': '3斤（1.5千克）', en: '1.5 kg' },
        netGrams: 1500,
        grossGrams: 1850,
        priceFen: 2680,
        gtin: '2900000000391',
      },
      {
        sku: 'PSF-2500',
        name: { 'zh-CN': '5斤（2.5千克）', en: '2.5 kg' },
        netGrams: 2500,
        grossGrams: 2950,
        priceFen: 3980,
        gtin: '2900000000407',
      },
    ],
    image: 'products/passion-fruit.svg',
    imageAlt: { 'zh-CN': '切开的紫皮百香果', en: 'Cut purple passion fruit' },
  },
];
