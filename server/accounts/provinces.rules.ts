import type { Localized } from '../platform/lang.ts';

/**
 * The 34 provincial divisions (GB/T 2260), in its order, by the full Chinese name that stands on a parcel. The name
 * is the key: it is what an address stores.
 */
const NAMES = [
  ['北京市', 'Beijing'],
  ['天津市', 'Tianjin'],
  ['河北省', 'Hebei'],
  ['山西省', 'Shanxi'],
  ['内蒙古自治区', 'Inner Mongolia'],
  ['辽宁省', 'Liaoning'],
  ['吉林省', 'Jilin'],
  ['黑龙江省', 'Heilongjiang'],
  ['上海市', 'Shanghai'],
  ['江苏省', 'Jiangsu'],
  ['浙江省', 'Zhejiang'],
  ['安徽省', 'Anhui'],
  ['福建省', 'Fujian'],
  ['江西省', 'Jiangxi'],
  ['山东省', 'Shandong'],
  ['河南省', 'Henan'],
  ['湖北省', 'Hubei'],
  ['湖南省', 'Hunan'],
  ['广东省', 'Guangdong'],
  ['广西壮族自治区', 'Guangxi'],
  ['海南省', 'Hainan'],
  ['重庆市', 'Chongqing'],
  ['四川省', 'Sichuan'],
  ['贵州省', 'Guizhou'],
  ['云南省', 'Yunnan'],
  ['西藏自治区', 'Tibet'],
  ['陕西省', 'Shaanxi'],
  ['甘肃省', 'Gansu'],
  ['青海省', 'Qinghai'],
  ['宁夏回族自治区', 'Ningxia'],
  ['新疆维吾尔自治区', 'Xinjiang'],
  ['台湾省', 'Taiwan'],
  ['香港特别行政区', 'Hong Kong'],
  ['澳门特别行政区', 'Macao'],
] as const;

export type Province = (typeof NAMES)[number][0];

export const PROVINCES: readonly Province[] = NAMES.map(([name]) => name);

const LABELS = new Map<string, Localized>(NAMES.map(([name, en]) => [name, { 'zh-CN': name, en }]));

/** How a province is called; what is not one is called as it is written. */
export function provinceLabel(province: string): Localized {
  return LABELS.get(province) ?? { 'zh-CN': province, en: province };
}

/** As it is said: "湖南", "内蒙古", "广西". */
export function shortProvince(province: string): Localized {
  const { 'zh-CN': full, en } = provinceLabel(province);
  const short = full.replace(/(壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|省|市)$/, '');
  return { 'zh-CN': short, en };
}
