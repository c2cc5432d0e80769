import type { Localized } from './types.ts';

/** Every certificate of the demonstration is made up, and its issuer says so. */
export const certifier: Localized = {
  'zh-CN': '演示认证机构（非真实证书）',
  en: 'Demonstration certifier (not a real certificate)',
};

export const laboratory: Localized = {
  'zh-CN': '演示检测机构（非真实报告）',
  en: 'Demonstration laboratory (not a real report)',
};

export const to2029 = { validFrom: '2025-01-01', validTo: '2029-12-31' };
export const to2030 = { validFrom: '2025-01-01', validTo: '2030-12-31' };
