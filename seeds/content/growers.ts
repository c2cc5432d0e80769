import type { Localized } from '../../server/platform/lang.ts';
import type { Step } from '../../server/trace/epcis.rules.ts';

/** Groups, not people: the demonstration names nobody. */
export interface GrowerContent {
  product: string;
  form: {
    nameZh: string;
    nameEn: string;
    nameShown: 'full' | 'initial' | 'hidden';
    plotZh: string;
    plotEn: string;
    townshipZh: string;
    townshipEn: string;
    lat: number;
    lng: number;
    mu: number;
    plotShown: 'plot' | 'township' | 'county' | 'hidden';
    wordsZh: string;
    wordsEn: string;
  };
  /** What was done with each lot, in days from the day it was made. */
  road: { step: Step; days: number; note: Localized; picture?: string }[];
}

export const growers: GrowerContent[] = [
  {
    product: 'chengbu-honey',
    form: {
      nameZh: '儒林镇林边养蜂组',
      nameEn: 'Woodside beekeepers of Rulin',
      nameShown: 'full',
      plotZh: '林边蜂场',
      plotEn: 'Woodside apiary',
      townshipZh: '城步县儒林镇',
      townshipEn: 'Rulin, Chengbu',
      lat: 26.385,
      lng: 110.331,
      mu: 0,
      plotShown: 'township',
      wordsZh: '蜂箱放在林子边，花开到哪里，蜂就采到哪里。等它封了盖再取，急不得。',
      wordsEn:
        'The hives stand at the edge of the wood, and the bees follow the blossom. We take the combs when they are capped, not before.',
    },
    road: [
      {
        step: 'harvest',
        days: -9,
        note: { 'zh-CN': '封盖蜜，手工割脾。', en: 'Capped combs, cut by hand.' },
        picture: 'cooperatives/huifeng.svg',
      },
      {
        step: 'inspecting',
        days: -6,
        note: {
          'zh-CN': '收蜜时测水分，合格的才过滤。',
          en: 'Moisture measured on arrival; only what passes is strained.',
        },
      },
      {
        step: 'making',
        days: 0,
        note: { 'zh-CN': '过滤、灌装、贴码。', en: 'Strained, jarred and given its code.' },
        picture: 'products/chengbu-honey.svg',
      },
    ],
  },
  {
    product: 'anhua-assorted-mantou',
    form: {
      nameZh: '黄沙坪馒头坊',
      nameEn: 'The mantou kitchen of Huangshaping',
      nameShown: 'full',
      plotZh: '沿江老街',
      plotEn: 'Riverside street',
      townshipZh: '安化县东坪镇',
      townshipEn: 'Dongping, Anhua',
      lat: 28.378,
      lng: 111.222,
      mu: 0,
      plotShown: 'plot',
      wordsZh: '全酵母发酵，不添加膨松剂。面发够了时辰，自然松软。',
      wordsEn:
        'Raised with yeast only, no leavening agents. Dough that is given its time turns soft by itself.',
    },
    road: [
      {
        step: 'making',
        days: 0,
        note: { 'zh-CN': '凌晨和面、发酵、上笼。', en: 'Kneaded, raised and steamed before dawn.' },
        picture: 'products/anhua-assorted-mantou.svg',
      },
      {
        step: 'inspecting',
        days: 0,
        note: {
          'zh-CN': '出笼后掰开看气孔，放凉再装袋。',
          en: 'Broken open to look at the crumb, cooled, then bagged.',
        },
      },
    ],
  },
  {
    product: 'anhua-dark-tea',
    form: {
      nameZh: '云台山茶农组',
      nameEn: 'Tea growers of Yuntai hill',
      nameShown: 'full',
      plotZh: '后山茶园',
      plotEn: 'Back-hill garden',
      townshipZh: '安化县马路镇',
      townshipEn: 'Malu, Anhua',
      lat: 28.23,
      lng: 110.99,
      mu: 86,
      plotShown: 'plot',
      wordsZh: '谷雨前后采，渥堆看天气，压好了慢慢放。',
      wordsEn: 'Picked around Grain Rain, piled as the weather allows, pressed and then left alone.',
    },
    road: [
      {
        step: 'harvest',
        days: -60,
        note: {
          'zh-CN': '一芽三四叶，当天下山。',
          en: 'A bud with three or four leaves, down the hill the same day.',
        },
      },
      {
        step: 'making',
        days: 0,
        note: { 'zh-CN': '杀青、揉捻、渥堆、压制。', en: 'Fixed, rolled, piled and pressed.' },
        picture: 'products/anhua-dark-tea.svg',
      },
      {
        step: 'storing',
        days: 3,
        note: { 'zh-CN': '离地通风存放。', en: 'Stored off the ground, with air around it.' },
      },
    ],
  },
  {
    product: 'hong-mei-ren-citrus',
    form: {
      nameZh: '红美人果园三组',
      nameEn: 'Third orchard group',
      nameShown: 'initial',
      plotZh: '南坡',
      plotEn: 'South slope',
      townshipZh: '城步县',
      townshipEn: 'Chengbu',
      lat: 26.548,
      lng: 110.292,
      mu: 40,
      plotShown: 'township',
      wordsZh: '',
      wordsEn: '',
    },
    road: [
      {
        step: 'harvest',
        days: 0,
        note: { 'zh-CN': '一果两剪，轻拿轻放。', en: 'Two cuts to each fruit, laid down gently.' },
        picture: 'products/hong-mei-ren-citrus.svg',
      },
      {
        step: 'inspecting',
        days: 0,
        note: { 'zh-CN': '按大小和外皮挑过。', en: 'Sorted by size and skin.' },
      },
    ],
  },
  {
    product: 'orah-mandarin',
    form: {
      nameZh: '大塘村种植组',
      nameEn: 'Growers of Datang village',
      nameShown: 'full',
      plotZh: '覆膜果园',
      plotEn: 'Film-covered orchard',
      townshipZh: '永州市零陵区',
      townshipEn: 'Lingling, Yongzhou',
      lat: 26.221,
      lng: 111.631,
      mu: 2000,
      plotShown: 'plot',
      wordsZh: '寒潮来之前，一排一排盖好膜，果子在树上过冬。',
      wordsEn: 'Row after row was covered before the cold came, and the fruit spent the winter on the tree.',
    },
    road: [
      {
        step: 'harvest',
        days: 0,
        note: { 'zh-CN': '揭膜采摘，当天入库。', en: 'Uncovered, picked and brought in the same day.' },
        picture: 'products/orah-mandarin.svg',
      },
      { step: 'sampling', days: 1, note: { 'zh-CN': '抽样测糖度。', en: 'Sugar measured in a sample.' } },
    ],
  },
];
