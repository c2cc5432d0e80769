import type { SearchDocument, SearchIndex } from '../../server/catalog/search/index.rules.ts';
import { createSearchIndex } from '../../server/catalog/search/index.rules.ts';

export type Both = [zh: string, en: string];

/** What of a product matters to a test; the rest is empty. */
export interface Sketch {
  id: string;
  name: Both;
  aliases?: string[];
  from?: Both;
  origin?: Both;
  category?: string[];
  text?: string;
  weight?: number;
}

/** Fills in a sketch. */
export function product(sketch: Sketch): SearchDocument {
  const both = ([zh, en]: Both): Record<'zh-CN' | 'en', string> => ({ 'zh-CN': zh, en });
  return {
    id: sketch.id,
    name: both(sketch.name),
    aliases: sketch.aliases ?? [],
    cooperative: both(sketch.from ?? ['', '']),
    origin: both(sketch.origin ?? ['', '']),
    category: sketch.category ?? [],
    text: sketch.text ?? '',
    ...(sketch.weight === undefined ? {} : { weight: sketch.weight }),
  };
}

const CHENGBU: Both = ['城步南山合作社', 'Chengbu Nanshan Cooperative'];
const CHENGBU_ORIGIN: Both = [
  '湖南省邵阳市城步苗族自治县',
  'Chengbu Miao Autonomous County, Shaoyang, Hunan',
];
const ANHUA: Both = ['安化山里人合作社', 'Anhua Mountain Folk Cooperative'];
const ANHUA_ORIGIN: Both = ['湖南省益阳市安化县', 'Anhua County, Yiyang, Hunan'];

/** A small shop, one or two products of each kind. */
export const SHOP: readonly SearchDocument[] = [
  product({
    id: 'honey-wild',
    name: ['高山野花蜂蜜', 'High-mountain wildflower honey'],
    aliases: ['百花蜜', '土蜂蜜', 'raw honey'],
    from: CHENGBU,
    origin: CHENGBU_ORIGIN,
    category: ['蜂蜜', 'honey'],
    text: '封盖以后才取，一年只取一次。\nTaken once a year, when every cell is capped.',
  }),
  product({
    id: 'honey-linden',
    name: ['椴树蜂蜜', 'Linden honey'],
    from: CHENGBU,
    origin: CHENGBU_ORIGIN,
    category: ['蜂蜜', 'honey'],
    text: '色白如雪。\nWhite as snow.',
  }),
  product({
    id: 'mantou',
    name: ['安化什锦馒头', 'Anhua assorted mantou'],
    aliases: ['安溪馒头', 'Anxi mantou', 'steamed buns', '馍馍'],
    from: ANHUA,
    origin: ANHUA_ORIGIN,
    category: ['主食', 'staple'],
    text: '紫薯、南瓜和荞麦三种口味，配蜂蜜更香。\nThree flavours; good with honey and with tea.',
  }),
  product({
    id: 'tea-dark',
    name: ['安化黑茶', 'Anhua dark tea'],
    aliases: ['茯砖', 'fu brick'],
    from: ANHUA,
    origin: ANHUA_ORIGIN,
    category: ['茶', '茶叶', 'tea'],
    text: '金花茂盛，汤色红亮。\nGolden flowers and a bright red cup.',
  }),
  product({
    id: 'tea-oolong',
    name: ['安溪铁观音', 'Anxi Tieguanyin'],
    aliases: ['乌龙茶', 'iron goddess'],
    from: ['安溪茶农合作社', 'Anxi Tea Growers'],
    origin: ['福建省泉州市安溪县', 'Anxi County, Quanzhou, Fujian'],
    category: ['茶', '茶叶', 'tea'],
    text: '兰花香。配一块馒头当早饭。\nOrchid scent. Have it with mantou for breakfast.',
  }),
  product({
    id: 'orah',
    name: ['武鸣沃柑', 'Wuming Orah mandarins'],
    aliases: ['柑橘', 'mandarin oranges'],
    from: ['武鸣果业合作社', 'Wuming Fruit Cooperative'],
    origin: ['广西南宁市武鸣区', 'Wuming District, Nanning, Guangxi'],
    category: ['水果', 'fruit'],
    text: '皮薄多汁。\nThin skin, plenty of juice.',
  }),
  product({
    id: 'navel',
    name: ['赣南脐橙', 'Gannan navel oranges'],
    aliases: ['橙子'],
    origin: ['江西省赣州市', 'Ganzhou, Jiangxi'],
    category: ['水果', 'fruit'],
  }),
  product({
    id: 'starch',
    name: ['红薯淀粉', 'Sweet potato starch'],
    aliases: ['地瓜粉'],
    from: CHENGBU,
    origin: CHENGBU_ORIGIN,
    category: ['淀粉', 'starch'],
    text: '勾芡、做粉条都好用。\nFor sauces and for glass noodles.',
  }),
  product({
    id: 'rice',
    name: ['高山大米', 'Mountain rice'],
    from: CHENGBU,
    origin: CHENGBU_ORIGIN,
    category: ['大米', 'rice'],
    text: '霜降以后收割。\nHarvested after the first frost.',
  }),
  product({
    id: 'chicken',
    name: ['散养土鸡', 'Free-range chicken'],
    aliases: ['走地鸡'],
    from: ANHUA,
    origin: ANHUA_ORIGIN,
    category: ['禽蛋', 'poultry'],
    text: '吃茶园里的虫子长大。\nRaised on the insects of the tea garden.',
  }),
];

/** An index of these documents, put in this order. */
export function indexOf(...documents: SearchDocument[]): SearchIndex {
  const index = createSearchIndex();
  for (const document of documents) index.put(document);
  return index;
}
