import { z } from 'zod';

export const localizedText = (max: number) =>
  z.strictObject({ 'zh-CN': z.string().trim().min(1).max(max), en: z.string().trim().min(1).max(max) });

export const slug = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'slug_shape')
  .max(80);

export const addCooperativeCommand = z.strictObject({
  slug,
  name: localizedText(80),
  tagline: localizedText(160),
  story: localizedText(6000),
  place: z.strictObject({
    province: z.string().max(40),
    city: z.string().max(40),
    county: z.string().max(40),
    township: z.string().max(40).optional(),
    label: localizedText(80),
  }),
  location: z.strictObject({ lat: z.number().min(-90).max(90), lng: z.number().min(-180).max(180) }),
  image: z.string().max(200),
  imageAlt: localizedText(200),
});
export type AddCooperativeCommand = z.infer<typeof addCooperativeCommand>;
