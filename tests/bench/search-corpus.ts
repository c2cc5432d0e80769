import type { SearchDocument } from '../../server/catalog/search/index.rules.ts';

/**
 * Invented products in the words of real ones, as many as wanted, for measuring the search. The same count and seed
 * give the same documents on every machine.
 */

type Pair = readonly [zh: string, en: string];

interface Produce {
  name: Pair;
  category: readonly string[];
  aliases: readonly string[];
}

const COUNTIES: readonly Pair[] = [
  ['城步', 'Chengbu'],
  ['安化', 'Anhua'],
  ['新宁', 'Xinning'],
  ['绥宁', 'Suining'],
  ['洞口', 'Dongkou'],
  ['武冈', 'Wugang'],
  ['隆回', 'Longhui'],
  ['靖州', 'Jingzhou'],
  ['通道', 'Tongdao'],
  ['溆浦', 'Xupu'],
  ['沅陵', 'Yuanling'],
  ['桑植', 'Sangzhi'],
  ['慈利', 'Cili'],
  ['安溪', 'Anxi'],
  ['武夷山', 'Wuyishan'],
  ['恩施', 'Enshi'],
  ['都匀', 'Duyun'],
  ['六安', "Lu'an"],
  ['赣南', 'Gannan'],
  ['五常', 'Wuchang'],
  ['南丹', 'Nandan'],
  ['武鸣', 'Wuming'],
  ['凤凰', 'Fenghuang'],
  ['重庆', 'Chongqing'],
];

const FIRST: readonly Pair[] = [
  ['大', 'Da'],
  ['黄', 'Huang'],
  ['石', 'Shi'],
  ['白', 'Bai'],
  ['青', 'Qing'],
  ['龙', 'Long'],
  ['金', 'Jin'],
  ['水', 'Shui'],
  ['枫', 'Feng'],
  ['桃', 'Tao'],
  ['茶', 'Cha'],
  ['高', 'Gao'],
  ['清', 'Qing'],
  ['云', 'Yun'],
  ['双', 'Shuang'],
  ['新', 'Xin'],
  ['老', 'Lao'],
  ['梅', 'Mei'],
];
const MIDDLE: readonly Pair[] = [
  ['', ''],
  ['沙', 'sha'],
  ['家', 'jia'],
  ['竹', 'zhu'],
  ['田', 'tian'],
  ['木', 'mu'],
  ['马', 'ma'],
  ['泉', 'quan'],
  ['花', 'hua'],
  ['岩', 'yan'],
];
const LAST: readonly Pair[] = [
  ['坪', 'ping'],
  ['冲', 'chong'],
  ['桥', 'qiao'],
  ['坳', 'ao'],
  ['溪', 'xi'],
  ['岭', 'ling'],
  ['塘', 'tang'],
  ['湾', 'wan'],
  ['寨', 'zhai'],
  ['山', 'shan'],
  ['垌', 'dong'],
  ['口', 'kou'],
];

const ADJECTIVES: readonly Pair[] = [
  ['高山', 'high-mountain'],
  ['野生', 'wild'],
  ['有机', 'organic'],
  ['农家', 'farmhouse'],
  ['手工', 'handmade'],
  ['传统', 'traditional'],
  ['新鲜', 'fresh'],
  ['特级', 'premium'],
  ['散养', 'free-range'],
  ['生态', 'ecological'],
  ['头采', 'first-picked'],
  ['富硒', 'selenium-rich'],
  ['原味', 'plain'],
  ['林下', 'forest-grown'],
  ['古树', 'old-tree'],
  ['冬季', 'winter'],
];

const HONEY = ['蜂蜜', 'honey'];
const TEA = ['茶', '茶叶', 'tea'];
const FRUIT = ['水果', 'fruit'];
const STAPLE = ['主食', 'staple'];
const RICE = ['大米', 'rice'];
const VEGETABLE = ['蔬菜', 'vegetable'];
const MUSHROOM = ['菌菇', 'mushroom'];
const STARCH = ['淀粉', 'starch'];
const POULTRY = ['禽蛋', 'poultry'];
const DAIRY = ['奶制品', 'dairy'];

function produce(zh: string, en: string, category: readonly string[], ...aliases: string[]): Produce {
  return { name: [zh, en], category, aliases };
}

const PRODUCE: readonly Produce[] = [
  produce('野花蜂蜜', 'wildflower honey', HONEY, '百花蜜', 'flower honey'),
  produce('荆条蜂蜜', 'chaste-tree honey', HONEY),
  produce('椴树蜜', 'linden honey', HONEY, '蜂蜜'),
  produce('洋槐蜂蜜', 'acacia honey', HONEY, '槐花蜜'),
  produce('黑茶', 'dark tea', TEA, '茯砖', 'fu brick'),
  produce('红茶', 'black tea', TEA),
  produce('绿茶', 'green tea', TEA),
  produce('毛尖', 'Maojian tea', TEA),
  produce('铁观音', 'Tieguanyin oolong', TEA, 'iron goddess'),
  produce('瓜片', 'Guapian tea', TEA),
  produce('脐橙', 'navel oranges', FRUIT, '橙子', 'chengzi'),
  produce('沃柑', 'Orah mandarins', FRUIT, '柑橘', 'orah'),
  produce('椪柑', 'Ponkan mandarins', FRUIT),
  produce('蜜柚', 'honey pomelos', FRUIT, '柚子'),
  produce('猕猴桃', 'kiwifruit', FRUIT, '奇异果'),
  produce('杨梅', 'bayberries', FRUIT),
  produce('水蜜桃', 'juicy peaches', FRUIT),
  produce('什锦馒头', 'assorted mantou', STAPLE, 'steamed buns'),
  produce('南瓜馒头', 'pumpkin mantou', STAPLE),
  produce('荞麦面条', 'buckwheat noodles', STAPLE),
  produce('米粉', 'rice noodles', STAPLE),
  produce('糍粑', 'sticky rice cakes', STAPLE),
  produce('玉米粉', 'corn flour', STAPLE),
  produce('大米', 'rice', RICE, '稻米'),
  produce('糯米', 'glutinous rice', RICE),
  produce('红薯淀粉', 'sweet potato starch', STARCH),
  produce('葛根粉', 'kudzu starch', STARCH),
  produce('蕨根粉', 'fern root starch', STARCH),
  produce('土鸡', 'free-range chicken', POULTRY),
  produce('土鸡蛋', 'free-range eggs', POULTRY),
  produce('麻鸭', 'partridge duck', POULTRY),
  produce('冬笋', 'winter bamboo shoots', VEGETABLE),
  produce('辣椒', 'chili peppers', VEGETABLE),
  produce('紫皮大蒜', 'purple garlic', VEGETABLE),
  produce('小黄姜', 'yellow ginger', VEGETABLE, '生姜'),
  produce('萝卜干', 'dried radish', VEGETABLE),
  produce('香菇', 'shiitake mushrooms', MUSHROOM),
  produce('黑木耳', 'wood-ear mushrooms', MUSHROOM),
  produce('酸奶', 'yogurt', DAIRY),
  produce('奶酪', 'cheese', DAIRY),
];

const PACKS: readonly Pair[] = [
  ['', ''],
  ['礼盒', 'gift box'],
  ['散装', 'loose'],
  ['500克', '500 g'],
  ['2.5公斤', '2.5 kg'],
  ['家庭装', 'family pack'],
  ['罐装', 'jar'],
];

const PEOPLE: readonly Pair[] = [
  ['合作社的老人', 'The elders of the cooperative'],
  ['村里的妇女', 'The women of the village'],
  ['三代人', 'Three generations'],
  ['返乡的年轻人', 'Young people who came home'],
  ['我们', 'We'],
];
const WORK: readonly Pair[] = [
  ['天不亮就上山采摘', 'climb the hill before dawn to pick'],
  ['用山泉水慢慢清洗', 'rinse everything slowly in spring water'],
  ['在木架上晒足七个太阳', 'dry it on wooden racks for seven sunny days'],
  ['用石磨磨成细粉', 'grind it to fine flour on a stone mill'],
  ['柴火大锅里翻炒三遍', 'turn it three times in a wok over wood fire'],
  ['不打农药只用有机肥', 'use no pesticide and only organic manure'],
  ['一颗一颗挑选装箱', 'choose and pack the pieces one by one'],
];
const LAND: readonly Pair[] = [
  ['海拔一千二百米的山坡', 'a slope at twelve hundred metres'],
  ['溪边的梯田', 'terraces beside the brook'],
  ['云雾里的老茶园', 'an old tea garden in the clouds'],
  ['开满野花的草场', 'a pasture full of wild flowers'],
  ['松树和竹林之间', 'the land between pines and bamboo'],
  ['红壤的丘陵', 'hills of red earth'],
];
const TASTE: readonly Pair[] = [
  ['入口清甜回味悠长', 'sweet at first and long in the finish'],
  ['香气浓郁口感细腻', 'rich in scent and fine in texture'],
  ['软糯弹牙', 'soft with a spring to the bite'],
  ['酸甜多汁', 'sharp, sweet and full of juice'],
  ['爽脆可口', 'crisp and clean'],
  ['适合煲汤和清炒', 'good in soup and in a quick stir-fry'],
];

/** Mulberry32: small, quick, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Makes `n` products, `p000000` and up. */
export function makeSearchDocuments(n: number, seed: number): SearchDocument[] {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const village = (): Pair => {
    const parts = [pick(FIRST), pick(MIDDLE), pick(LAST)];
    return [parts.map(([zh]) => zh).join(''), parts.map(([, en]) => en).join('')];
  };
  // Some forty products to a cooperative, as in a shop that has grown.
  const homes = Array.from({ length: Math.max(8, Math.ceil(n / 40)) }, () => ({
    county: pick(COUNTIES),
    home: village(),
  }));
  const sentence = (name: Pair): Pair => {
    const [who, work, land, taste, place] = [pick(PEOPLE), pick(WORK), pick(LAND), pick(TASTE), village()];
    return [
      `${who[0]}在${place[0]}${land[0]}，${work[0]}。${name[0]}${taste[0]}。`,
      `${who[1]} of ${place[1]} keep ${land[1]} and ${work[1]}. The ${name[1]} is ${taste[1]}.`,
    ];
  };
  return Array.from({ length: n }, (_, at) => {
    const { county, home } = pick(homes);
    const [adjective, pack] = [pick(ADJECTIVES), pick(PACKS)];
    const thing = pick(PRODUCE);
    const sentences = Array.from({ length: 3 + Math.floor(random() * 4) }, () => sentence(thing.name));
    const from = random() < 0.5 ? county : home;
    return {
      id: `p${String(at).padStart(6, '0')}`,
      name: {
        'zh-CN': `${from[0]}${adjective[0]}${thing.name[0]}${pack[0]}`,
        en: `${from[1]} ${adjective[1]} ${thing.name[1]} ${pack[1]}`.trim(),
      },
      aliases: [...thing.aliases, `${home[0]}${thing.name[0]}`],
      cooperative: {
        'zh-CN': `${county[0]}${home[0]}${thing.category[0]}农民专业合作社`,
        en: `${home[1]} ${thing.category.at(-1)} cooperative, ${county[1]}`,
      },
      origin: { 'zh-CN': `${county[0]}县${home[0]}村`, en: `${home[1]} village, ${county[1]} county` },
      category: [...thing.category],
      text: sentences.flat().join('\n'),
      weight: Math.round(random() * 1000) / 1000,
    };
  });
}
