import { certifier, laboratory, to2029, to2030 } from './certificates.ts';
import type { ProductContent } from './types.ts';

const anhua = { 'zh-CN': '湖南省益阳市安化县', en: 'Anhua County, Yiyang, Hunan' };
const allYear = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** Mantou and dark tea of Huangshaping. */
export const productsB: ProductContent[] = [
  {
    slug: 'anhua-assorted-mantou',
    cooperative: 'huangshaping',
    category: 'staple',
    name: { 'zh-CN': '安化什锦馒头', en: 'Anhua (Anxi) assorted mantou' },
    tagline: {
      'zh-CN': '全酵母发酵，香甜松软，五种口味',
      en: 'Raised with yeast alone, sweet and soft, in five flavours',
    },
    story: {
      'zh-CN': [
        '全酵母发酵，不添加膨松剂。面发得慢，一锅要等两个多小时，蒸出来气孔细密，按下去会自己回来，香甜松软。',
        '一袋五种口味：原味、南瓜、紫薯、玉米、菠菜。颜色来自蒸熟打成泥的南瓜和紫薯，还有玉米面和菠菜汁，揉进面里，蒸过之后颜色会淡一点。',
        '不用解冻，凉水上锅，水开后再蒸8到10分钟。也可以切片，用少许油煎到两面金黄，夹个鸡蛋就是早饭。含小麦。',
      ].join('\n\n'),
      en: [
        'Raised with yeast only, with no leavening agents. The dough takes its time, more than two hours a batch, and the crumb comes out fine and springy: press it and it rises again. Sweet, soft, and smelling of wheat.',
        'Each bag holds five kinds: plain, pumpkin, purple sweet potato, corn and spinach. The colours are cooked pumpkin and sweet potato, cornmeal and spinach juice worked into the dough, and they soften with steaming.',
        'Steam from frozen, starting over cold water, for 8 to 10 minutes after it boils. Or slice and fry in a little oil until golden, with an egg in between. Contains wheat.',
      ].join('\n\n'),
    },
    origin: anhua,
    season: allYear,
    shelfLifeDays: 90,
    storage: {
      'zh-CN': '零下18℃冷冻保存，冰袋保温箱发货。化冻后放冷藏，3天内吃完，不要再冻。',
      en: 'Keep frozen at −18 °C; sent with ice packs. Once thawed, refrigerate, eat within 3 days and do not refreeze.',
    },
    aliases: [
      '安溪馒头',
      '安溪什锦馒头',
      '安化馒头',
      '什锦馒头',
      '馒头',
      '馍',
      '杂粮馒头',
      'Anxi mantou',
      'Anxi assorted mantou',
      'Anhua mantou',
      'assorted mantou',
      'steamed buns',
      'steamed bread',
    ],
    certificates: [{ kind: 'test_report', number: 'DEMO-TR-2025-0201', issuer: laboratory, ...to2029 }],
    variants: [
      {
        sku: 'MTO-600',
        name: { 'zh-CN': '10个装（600克）', en: '10 pieces, 600 g' },
        netGrams: 600,
        grossGrams: 1150,
        priceFen: 1980,
        gtin: '2900000000087',
      },
      {
        sku: 'MTO-1200',
        name: { 'zh-CN': '20个装（1.2千克）', en: '20 pieces, 1.2 kg' },
        netGrams: 1200,
        grossGrams: 1900,
        priceFen: 3580,
        gtin: '2900000000094',
      },
    ],
    image: 'products/anhua-assorted-mantou.svg',
    imageAlt: { 'zh-CN': '一笼五种颜色的什锦馒头', en: 'A steamer of mantou in five colours' },
  },
  {
    slug: 'anhua-dark-tea',
    cooperative: 'huangshaping',
    category: 'tea',
    name: { 'zh-CN': '安化黑茶·手筑茯砖', en: 'Anhua dark tea, hand-pressed Fu brick' },
    tagline: {
      'zh-CN': '汤色橙红，有菌花香，耐煮',
      en: 'Amber-red, with the scent of golden flowers, and it boils well',
    },
    story: {
      'zh-CN': [
        '黑毛茶蒸软，手工筑进砖模，进烘房慢慢“发花”。二十来天后掰开，里面有金黄色的小点，行话叫“金花”，是冠突散囊菌，茯砖的香气就从这里来。',
        '用茶针顺着缝撬下5到8克，沸水快冲一遍倒掉，再泡；也可以冷水下壶煮，煮开后小火几分钟。汤色橙红，入口醇，不苦。加奶加一点盐，就是奶茶。',
        '这款茶持有地理标志证书，砖面包装上的码对应到批次。放得住，越放越醇，只要干燥、没有杂味。',
      ].join('\n\n'),
      en: [
        'Dark tea leaf is steamed soft, pressed by hand into a brick, and left in a warm room to “flower”. Some twenty days later it breaks open to show specks of gold. That is Eurotium cristatum, the mould a Fu brick is made for, and it gives the tea its scent.',
        'Prise off 5 to 8 grams with a tea pick, rinse once with boiling water, then brew; or start it in a cold pot and simmer for a few minutes. The cup is amber-red, round and not bitter. With milk and a pinch of salt it makes a good milk tea.',
        'This tea carries a geographical indication certificate, and the code on the wrapper names its batch. It mellows for years if kept dry and away from smells.',
      ].join('\n\n'),
    },
    origin: anhua,
    season: [5, 6, 7, 8, 9],
    shelfLifeDays: 3650,
    storage: {
      'zh-CN': '通风、干燥、避光、无异味处存放，不要放冰箱，不要密封过紧。',
      en: 'Keep airy, dry and dark, away from smells. Not in the refrigerator, and not airtight.',
    },
    aliases: [
      '安化黑茶',
      '黑茶',
      '茯砖',
      '茯茶',
      '金花茶砖',
      '砖茶',
      'dark tea',
      'heicha',
      'Fu brick tea',
      'fuzhuan',
      'golden flower tea',
    ],
    certificates: [
      { kind: 'geographical_indication', number: 'DEMO-GI-2025-0202', issuer: certifier, ...to2030 },
      { kind: 'test_report', number: 'DEMO-TR-2025-0202', issuer: laboratory, ...to2029 },
    ],
    variants: [
      {
        sku: 'DKT-100',
        name: { 'zh-CN': '掰好的小块，2两盒（100克）', en: 'Broken into pieces, 100 g box' },
        netGrams: 100,
        grossGrams: 220,
        priceFen: 2680,
        gtin: '2900000000100',
      },
      {
        sku: 'DKT-1000',
        name: { 'zh-CN': '整砖2斤（1千克）', en: 'Whole brick, 1 kg' },
        netGrams: 1000,
        grossGrams: 1250,
        priceFen: 16800,
        gtin: '2900000000117',
      },
    ],
    image: 'products/anhua-dark-tea.svg',
    imageAlt: { 'zh-CN': '掰开的茯砖，断面有金色的小点', en: 'A Fu brick broken open to show golden specks' },
  },
  {
    slug: 'anhua-tianjian-tea',
    cooperative: 'huangshaping',
    category: 'tea',
    name: { 'zh-CN': '安化天尖茶', en: 'Anhua Tianjian tea' },
    tagline: {
      'zh-CN': '谷雨前后的嫩叶，松烟香，装竹篓',
      en: 'Young spring leaf, pine-smoked, packed in bamboo',
    },
    story: {
      'zh-CN': [
        '天尖用的是谷雨前后的嫩叶，一芽二三叶，杀青、揉捻、渥堆，再上七星灶，用松柴明火一层一层烘干。那股松烟香就是这么来的，新茶重一些，放一年会柔和。',
        '做好的茶蒸一下，趁软踩进垫了箬叶的竹篓，压紧、风干。篓子透气，茶在里面接着慢慢变。',
        '盖碗或紫砂壶都行，5克茶，沸水，头一泡十来秒出汤，之后逐泡加时间。这款茶持有地理标志证书，篓底有批次码。',
      ].join('\n\n'),
      en: [
        'Tianjian is made from young leaf of late April, a bud with two or three leaves, fixed, rolled, heaped to ferment and then dried layer by layer over a seven-hole hearth burning pine. That is where the smoke comes from. It is forward in a new tea and gentler after a year.',
        'The finished tea is steamed once more and trodden, still soft, into bamboo baskets lined with broad leaves. The basket breathes, and the tea goes on changing inside.',
        'Use a lidded bowl or a clay pot: 5 grams, boiling water, some ten seconds to begin with and longer each time. It carries a geographical indication certificate, with the batch code under the basket.',
      ].join('\n\n'),
    },
    origin: anhua,
    season: [4, 5],
    shelfLifeDays: 3650,
    storage: {
      'zh-CN': '通风、干燥、避光、无异味处存放。',
      en: 'Keep airy, dry and dark, away from smells.',
    },
    aliases: ['天尖', '安化黑茶', '黑茶', '湘尖', '篓装黑茶', 'Tianjian', 'dark tea', 'heicha', 'smoked tea'],
    certificates: [
      { kind: 'geographical_indication', number: 'DEMO-GI-2025-0203', issuer: certifier, ...to2030 },
    ],
    variants: [
      {
        sku: 'TJT-100',
        name: { 'zh-CN': '2两罐（100克）', en: '100 g tin' },
        netGrams: 100,
        grossGrams: 260,
        priceFen: 3600,
        gtin: '2900000000124',
      },
      {
        sku: 'TJT-500',
        name: { 'zh-CN': '1斤竹篓（500克）', en: '500 g bamboo basket' },
        netGrams: 500,
        grossGrams: 850,
        priceFen: 13800,
        gtin: '2900000000131',
      },
    ],
    image: 'products/anhua-tianjian-tea.svg',
    imageAlt: { 'zh-CN': '一篓天尖茶', en: 'A bamboo basket of Tianjian tea' },
  },
];
