import type { Lang } from '../platform/lang.ts';
import type { PostalAddress } from './addresses.rules.ts';
import type { Address } from './addresses.service.ts';
import { PROVINCES, provinceLabel, shortProvince } from './provinces.rules.ts';

/** An address for whoever wrote it. */
export function presentAddress(address: PostalAddress, lang: Lang) {
  return {
    name: address.name,
    phone: address.phone,
    province: address.province,
    /** As it is written in China whatever the language: the carrier reads it. */
    where: [address.province, address.city, address.county]
      .filter((part, index, all) => part !== '' && part !== all[index - 1])
      .join(' '),
    street: address.street,
    provinceLabel: provinceLabel(address.province)[lang],
  };
}

export function presentBook(addresses: readonly Address[], lang: Lang) {
  return addresses.map((address, index) => ({
    id: address._id,
    isDefault: index === 0,
    ...presentAddress(address, lang),
  }));
}

/** The choices of a province field. */
export function provinceChoices(chosen: string | undefined, lang: Lang) {
  return PROVINCES.map((province) => ({
    value: province,
    label: lang === 'en' ? `${shortProvince(province).en} ${province}` : province,
    chosen: province === chosen,
  }));
}

/** What was typed, for a form that comes back; nothing but text gets through. */
export function addressValues(source: unknown) {
  const from = (typeof source === 'object' && source !== null ? source : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof from[name] === 'string' ? from[name].slice(0, 200) : '');
  return {
    name: text('name'),
    phone: text('phone'),
    province: text('province'),
    city: text('city'),
    county: text('county'),
    street: text('street'),
  };
}
