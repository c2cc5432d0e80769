import { z } from 'zod';
import { normalisePhone } from './addresses.rules.ts';
import { findPlace } from './divisions.rules.ts';
import { PROVINCES } from './provinces.rules.ts';

const line = (max: number) => z.string('required').trim().max(max, 'too_long');

const phone = line(40)
  .min(1, 'required')
  .refine((text) => normalisePhone(text) !== undefined, 'phone_shape')
  .transform((text) => normalisePhone(text) ?? text);

export const province = z.enum(PROVINCES, 'province_unknown');

/** The fields of a Chinese address, as they are written on a parcel. A phone comes out in one form. */
export const addressFields = {
  name: line(40).min(1, 'required'),
  phone,
  province,
  city: line(40).default(''),
  county: line(40).default(''),
  street: line(120).min(3, 'street_short'),
};

/** City and county come out by their full names, and lie where the address says. */
export const postalAddress = z.object(addressFields).transform((address, context) => {
  const place = findPlace(address);
  if ('why' in place) {
    const at = { code: 'custom' as const, path: [place.field] };
    if (place.why === 'required') context.addIssue({ ...at, message: 'required' });
    else if (place.field === 'city') context.addIssue({ ...at, message: 'city_unknown' });
    else context.addIssue({ ...at, message: 'county_unknown' });
    return z.NEVER;
  }
  return { ...address, ...place };
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
