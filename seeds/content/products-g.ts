import { certifier, laboratory, to2029, to2030 } from './certificates.ts';
import type { ProductContent } from './types.ts';

const chengbu = {
  'zh-CN': '湖南省邵阳市城步苗族自治县',
  en: 'Chengbu Miao Autonomous County, Shaoyang, Hunan',
};
const chunmuping = {
  'zh-CN': '湖南省湘西土家族苗族自治州凤凰县廖家桥镇椿木坪村',
  en: 'Chunmuping, Liaojiaqiao, Fenghuang County, Hunan',
};

/** Teas of Chengbu and Chunmuping, orah mandarins of Datang. */
export const productsG: ProductContent[] = [
  {
    slug: 'organic-tung-tea',
    cooperative: 'tongcha',
    category: 'tea',
    name: { 'zh-CN': '城步有机桐茶', en: 'Chengbu organic tung tea' },
    tagline: {
      'zh-CN': '老茶树大叶，汤亮，味厚，回甘长',
      en: 'Large leaf from old trees, bright and full, with a long sweet finish',
    },
    story: {
      'zh-CN': [
        '桐茶，本地也写作“峒茶”，是城步山里的大叶茶。树长得高，采茶要搭梯子，一天摘不了几斤。叶片厚，芽尖带毫。',
        '按基地的标准采一芽二叶，摊青、杀青、揉捻、烘干，条索粗壮。泡出来汤色亮，入口厚实，微涩很快化成甜，泡七八道还有味。',
        '茶园和加工都在有机认证范围内，证书号印在袋上，扫码能看到批次。3克茶，九十度上下的水，一分钟出汤。',
      ].join('\n\n'),
      en: [
        'Tung tea, which the villages also write “Dong tea”, is the large-leaved tea of the Chengbu hills. The trees are tall, pickers go up on ladders, and a day’s work is a few pounds. The leaf is thick and the buds carry down.',
        'A bud and two leaves are picked to the base’s own standard, spread, fixed, rolled and dried into stout twists. The liquor is bright and full. A slight astringency turns sweet, and there is still taste at the seventh or eighth steeping.',
        'Garden and workshop are both within the organic certificate. Its number is on the bag, and the code leads to the batch. Use 3 grams and water at about 90 °C for one minute.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [3, 4, 5],
    shelfLifeDays: 540,
    storage: {
      'zh-CN': '密封、避光、干燥、无异味。开袋后三个月内喝完。',
      en: 'Keep sealed, dark, dry and away from smells. Finish within three months of opening.',
    },
    aliases: [
      '桐茶',
      '峒茶',
      '城步峒茶',
      '有机桐茶',
      '大叶茶',
      '老树茶',
      'tung tea',
      'Dong tea',
      'tongcha',
      'large-leaf tea',
    ],
    certificates: [
      { kind: 'organic', number: 'DEMO-ORG-2025-0601', issuer: certifier, ...to2030 },
      { kind: 'test_report', number: 'DEMO-TR-2025-0601', issuer: laboratory, ...to2029 },
    ],
    variants: [
      {
        sku: 'TUT-100',
        name: { 'zh-CN': '2两袋（100克）', en: '100 g bag' },
        netGrams: 100,
        grossGrams: 180,
        priceFen: 6800,
        gtin: '2900000000414',
      },
      {
        sku: 'TUT-250',
        name: { 'zh-CN': '半斤罐（250克）', en: '250 g tin' },
        netGrams: 250,
        grossGrams: 480,
        priceFen: 15800,
        gtin: '2900000000421',
      },
    ],
    image: 'products/organic-tung-tea.svg',
    imageAlt: { 'zh-CN': '一碗桐茶和几片大叶', en: 'A bowl of tung tea with a few large leaves' },
  },
  {
    slug: 'qingqianliu-tea',
    cooperative: 'tongcha',
    category: 'tea',
    name: { 'zh-CN': '城步青钱柳叶茶', en: 'Chengbu wheel-wingnut leaf tea' },
    tagline: { 'zh-CN': '不是茶树的叶，清甜，不涩', en: 'Not a tea bush at all: clean, sweet, never bitter' },
    story: {
      'zh-CN': [
        '青钱柳是山谷里的一种高树，果实一串串垂着，像铜钱。春天采嫩叶，杀青、揉捻、烘干，做法同茶，喝起来却是另一回事：入口清，咽下去舌根有明显的甜。',
        '5克叶子，沸水泡三四分钟，也可以装壶里小火煮。夏天泡好放凉，加两片柠檬。叶底还能再煮一道。',
        '林地和加工都在有机认证范围内。它是一种代用茶，当日常饮料喝就好，婴幼儿不宜。',
      ].join('\n\n'),
      en: [
        'Qingqianliu, the wheel wingnut, is a tall tree of these valleys whose fruits hang like strings of coins. Its young spring leaves are fixed, rolled and dried as tea is, and yet taste of something else: clear in the mouth, then plainly sweet at the back of the tongue.',
        'Steep 5 grams in boiling water for three or four minutes, or simmer in a pot. In summer let it cool with two slices of lemon. The same leaves can be boiled once more.',
        'Trees and workshop are within the organic certificate. It is a herbal infusion to be drunk for pleasure, and is not meant for infants.',
      ].join('\n\n'),
    },
    origin: chengbu,
    season: [4, 5, 6],
    shelfLifeDays: 540,
    storage: {
      'zh-CN': '密封、避光、干燥处存放。',
      en: 'Keep sealed, dark and dry.',
    },
    aliases: [
      '青钱柳',
      '青钱柳茶',
      '摇钱树叶',
      '甜茶树',
      '代用茶',
      'qingqianliu',
      'wheel wingnut',
      'Cyclocarya',
      'herbal tea',
    ],
    certificates: [{ kind: 'organic', number: 'DEMO-ORG-2025-0602', issuer: certifier, ...to2030 }],
    variants: [
      {
        sku: 'QQL-100',
        name: { 'zh-CN': '2两袋（100克）', en: '100 g bag' },
        netGrams: 100,
        grossGrams: 180,
        priceFen: 3980,
        gtin: '2900000000438',
      },
      {
        sku: 'QQL-250',
        name: { 'zh-CN': '半斤罐（250克）', en: '250 g tin' },
        netGrams: 250,
        grossGrams: 480,
        priceFen: 8800,
        gtin: '2900000000445',
      },
    ],
    image: 'products/qingqianliu-tea.svg',
    imageAlt: {
      'zh-CN': '青钱柳的叶子和一串铜钱似的果',
      en: 'Wheel-wingnut leaves with a string of coin-like fruits',
    },
  },
  {
    slug: 'chunmuping-green-tea',
    cooperative: 'chunmuping',
    category: 'tea',
    name: { 'zh-CN': '椿木坪绿茶', en: 'Chunmuping green tea' },
    tagline: {
      'zh-CN': '村里自己的锅炒的，栗香，鲜',
      en: 'Fired in the village’s own pans, chestnut-scented and fresh',
    },
    story: {
      'zh-CN': [
        '清明前后，椿木坪的人一早上坡，采一芽一叶。以前鲜叶要赶着背到镇上卖，现在摊在村里的茶叶厂，当晚就上锅。',
        '手工杀青，锅温靠手背试；揉好再炒干，条索卷着，带点白毫。干茶是栗子香，泡开有豆苗的鲜。',
        '玻璃杯，3克茶，水烧开晾两分钟再冲。喝到剩三分之一就续水，三道之后味道就淡了。',
      ].join('\n\n'),
      en: [
        'In early April the people of Chunmuping are on the slopes by morning for a bud and one leaf. They used to hurry the harvest to town to sell. Now it is spread in the village factory and in the pan the same night.',
        'It is fixed by hand, with the back of the hand for a thermometer, then rolled and dried into curls with a little silver down. Dry, it smells of roast chestnut; in the glass, of pea shoots.',
        'Use a tall glass and 3 grams, and let boiled water stand for two minutes before pouring. Refill when a third is left. After three rounds it has given what it has.',
      ].join('\n\n'),
    },
    origin: chunmuping,
    season: [3, 4, 5],
    shelfLifeDays: 540,
    storage: {
      'zh-CN': '密封冷藏，取出后回到室温再开袋。',
      en: 'Refrigerate sealed, and let the bag come to room temperature before opening.',
    },
    aliases: ['绿茶', '凤凰绿茶', '炒青', '春茶', '新茶', '明前茶', '椿木坪', 'green tea', 'spring tea'],
    certificates: [],
    variants: [
      {
        sku: 'CGT-100',
        name: { 'zh-CN': '2两袋（100克）', en: '100 g bag' },
        netGrams: 100,
        grossGrams: 170,
        priceFen: 4800,
        gtin: '2900000000452',
      },
      {
        sku: 'CGT-250',
        name: { 'zh-CN': '半斤罐（250克）', en: '250 g tin' },
        netGrams: 250,
        grossGrams: 460,
        priceFen: 10800,
        gtin: '2900000000469',
      },
    ],
    image: 'products/chunmuping-green-tea.svg',
    imageAlt: { 'zh-CN': '玻璃杯里泡开的绿茶', en: 'Green tea opening in a glass' },
  },
  {
    slug: 'chunmuping-black-tea',
    cooperative: 'chunmuping',
    category: 'tea',
    name: { 'zh-CN': '椿木坪红茶', en: 'Chunmuping black tea' },
    tagline: {
      'zh-CN': '蜜薯香，汤红亮，加奶也站得住',
      en: 'Baked sweet potato and honey, red and bright, good with milk',
    },
    story: {
      'zh-CN': [
        '入夏后叶子长得快，做绿茶嫌老，做红茶正合适。采一芽二叶，萎凋一夜，揉到叶汁出来，盖湿布发酵四五个钟头，再烘干。',
        '闻着像刚烤好的红薯，带一点蜜香。汤色红亮，甜，涩味少；泡浓一点加牛奶，茶味还在。',
        '4克茶，95℃左右的水，头几泡十来秒就出汤。用大壶闷也行，多放点水，冷了不浑。',
      ].join('\n\n'),
      en: [
        'By early summer the leaf grows too fast for green tea and is just right for black. A bud and two leaves are withered overnight, rolled until the juice comes, left four or five hours under a damp cloth and dried.',
        'It smells of sweet potato straight from the embers, with some honey. The liquor is a bright red, sweet and barely astringent, and brewed strong it holds its own against milk.',
        'Use 4 grams and water at about 95 °C, with short steepings of some ten seconds. Or make it in a big pot with plenty of water; it stays clear when cold.',
      ].join('\n\n'),
    },
    origin: chunmuping,
    season: [5, 6, 7, 9],
    shelfLifeDays: 730,
    storage: {
      'zh-CN': '密封、避光、干燥处常温存放。',
      en: 'Keep sealed, dark and dry at room temperature.',
    },
    aliases: ['红茶', '凤凰红茶', '夏茶', '工夫红茶', '奶茶用茶', '椿木坪', 'black tea', 'congou', 'red tea'],
    certificates: [{ kind: 'test_report', number: 'DEMO-TR-2025-0702', issuer: laboratory, ...to2029 }],
    variants: [
      {
        sku: 'CBT-100',
        name: { 'zh-CN': '2两袋（100克）', en: '100 g bag' },
        netGrams: 100,
        grossGrams: 170,
        priceFen: 4200,
        gtin: '2900000000476',
      },
      {
        sku: 'CBT-250',
        name: { 'zh-CN': '半斤罐（250克）', en: '250 g tin' },
        netGrams: 250,
        grossGrams: 460,
        priceFen: 9600,
        gtin: '2900000000483',
      },
    ],
    image: 'products/chunmuping-black-tea.svg',
    imageAlt: { 'zh-CN': '一盏红亮的红茶', en: 'A cup of bright black tea' },
  },
  {
    slug: 'orah-mandarin',
    cooperative: 'datang',
    category: 'fruit',
    name: { 'zh-CN': '大塘沃柑', en: 'Datang orah mandarins' },
    tagline: {
      'zh-CN': '盖着膜过冬，皮紧，肉脆，甜',
      en: 'Wintered under film: tight skin, firm flesh, sweet',
    },
    story: {
      'zh-CN': [
        '大塘村的2000亩沃柑在树上过冬。寒潮一来，党员和群众上山给果树盖薄膜，一垄接一垄，赶在降温前盖完。果子在膜下挂到年后，糖慢慢上来。',
        '皮薄，贴得紧，剥的时候汁水会溅到手上。瓣里汁多，甜得扎实，酸在后面轻轻托一下。有的有几粒籽。',
        '采前先测糖，冻过的不发。遇上霜冻会减产，页面上的库存就是树上还能采的数。',
      ].join('\n\n'),
      en: [
        'Datang’s 2,000 mu of orah spend the winter on the tree. When the cold came, Party members and villagers went up and covered them with film, row after row, before the temperature fell. Under it the fruit hangs into the new year, and the sugar rises.',
        'The skin is thin and tight, and will spray your fingers. Inside, a great deal of juice, solidly sweet, with a little acid beneath to hold it up. Some have a few pips.',
        'Sugar is measured before picking, and frosted fruit is not sent. Frost can cut the crop, so the stock shown is what can still be picked.',
      ].join('\n\n'),
    },
    origin: {
      'zh-CN': '湖南省永州市零陵区大塘村',
      en: 'Datang Village, Lingling District, Yongzhou, Hunan',
    },
    season: [1, 2, 3, 4],
    shelfLifeDays: 30,
    storage: {
      'zh-CN': '阴凉通风处单层摆放，不用封袋。',
      en: 'Keep cool and airy in a single layer, not in a closed bag.',
    },
    aliases: ['沃柑', '柑', '柑橘', '橘子', '桔子', '零陵沃柑', 'orah', 'orri', 'mandarin', 'tangerine'],
    certificates: [{ kind: 'test_report', number: 'DEMO-TR-2025-0801', issuer: laboratory, ...to2029 }],
    variants: [
      {
        sku: 'ORA-2500',
        name: { 'zh-CN': '5斤箱（2.5千克）', en: '2.5 kg box' },
        netGrams: 2500,
        grossGrams: 2900,
        priceFen: 3280,
        gtin: '2900000000490',
      },
      {
        sku: 'ORA-5000',
        name: { 'zh-CN': '10斤箱（5千克）', en: '5 kg box' },
        netGrams: 5000,
        grossGrams: 5600,
        priceFen: 5880,
        gtin: '2900000000506',
      },
    ],
    image: 'products/orah-mandarin.svg',
    imageAlt: { 'zh-CN': '几个沃柑，一个剥开了', en: 'Orah mandarins, one of them peeled' },
  },
];
