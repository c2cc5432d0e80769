import { z } from 'zod';
import { cityOf, needsCity, needsCounty, normalisePhone } from './addresses.rules.ts';
import { PROVINCES } from './provinces.rules.ts';

const line = (max: number) => z.string('required').trim().max(max, 'too_long');

const phone = line(40)
  .min(1, 'required')
  .refine((text) => normalisePhone(text) !== undefined, 'phone_shape')
  .transform((text) => normalisePhone(text) ?? text);

export const province = z.enum(PROVINCES, 'province_unknown');

/** The fields of a Chinese address, as they are written on a parcel. Phone and city come out in one form. */
export const addressFields = {
  name: line(40).min(1, 'required'),
  phone,
  province,
  city: line(40).default(''),
  county: line(40).default(''),
  street: line(120).min(3, 'street_short'),
};

export const postalAddress = z.object(addressFields).transform((address, context) => {
  const city = cityOf(address.province, address.city);
  if (city === '' && needsCity(address.province)) {
    context.addIssue({ code: 'custom', path: ['city'], message: 'required' });
  }
  if (address.county === '' && needsCounty(address.province, city)) {
    context.addIssue({ code: 'custom', path: ['county'], message: 'required' });
  }
  return { ...address, city };
});
export type AddressCommand = z.infer<typeof postalAddress>;

/** Whether it becomes the default; a box that is not ticked is not sent. */
export const addressChoice = z.object({
  isDefault: z
    .literal('on')
    .optional()
    .transform((value) => value === 'on'),
});

export const addressId = z.string().regex(/^[0-9a-z]{20}$/);
