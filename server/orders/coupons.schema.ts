import { z } from 'zod';
import { slug } from '../cooperatives/index.ts';
import { normaliseCoupon, type CouponScope } from './coupons.rules.ts';
import { optionalYuan, yuan } from './shipping.schema.ts';

/** As it is typed at the checkout. */
export const couponCode = z
  .string()
  .max(40, 'too_long')
  .transform(normaliseCoupon)
  .pipe(z.string().regex(/^[0-9A-Z一-鿿-]{4,20}$/, 'coupon_shape'));

const count = z.coerce
  .number('count_range')
  .pipe(z.int('count_range').min(1, 'count_range').max(100_000, 'count_range'));

/** Local time in China, as a form's field gives it. */
const localTime = z
  .string('required')
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'time_shape')
  .transform((text) => new Date(`${text}:00+08:00`))
  .refine((date) => !Number.isNaN(date.getTime()), 'time_shape');

const several = <T extends z.ZodType>(schema: T) =>
  z.preprocess(
    (value) => (value === undefined || value === '' ? [] : Array.isArray(value) ? value : [value]),
    z.array(schema).max(200, 'too_long'),
  );

const empty = (value: unknown) => (value === '' ? undefined : value);

/** From the desk's form. `cooperatives` are slugs here; the route turns them into ids. */
export const couponForm = z
  .object({
    code: z.preprocess(empty, couponCode.optional()),
    kind: z.enum(['fixed', 'percent']),
    amountFen: optionalYuan,
    percent: z.preprocess(
      empty,
      z.coerce
        .number('percent_range')
        .pipe(z.int('percent_range').min(1, 'percent_range').max(99, 'percent_range'))
        .optional(),
    ),
    capFen: optionalYuan,
    minSpendFen: z.preprocess((value) => (value === '' || value === undefined ? '0' : value), yuan),
    scope: z.enum(['all', 'products', 'cooperatives', 'live']),
    products: several(slug),
    cooperatives: several(slug),
    live: z.string().trim().max(64, 'too_long').default(''),
    total: count,
    perPerson: count,
    from: localTime,
    until: localTime,
    held: z
      .literal('on')
      .optional()
      .transform((value) => value === 'on'),
  })
  .refine((form) => form.kind === 'percent' || (form.amountFen ?? 0) > 0, {
    path: ['amountFen'],
    error: 'required',
  })
  .refine((form) => form.kind === 'fixed' || form.percent !== undefined, {
    path: ['percent'],
    error: 'required',
  })
  .refine((form) => form.from < form.until, { path: ['until'], error: 'dates_swapped' })
  .refine((form) => form.perPerson <= form.total, { path: ['perPerson'], error: 'count_range' })
  .refine((form) => form.scope !== 'products' || form.products.length > 0, {
    path: ['products'],
    error: 'rail_empty',
  })
  .refine((form) => form.scope !== 'cooperatives' || form.cooperatives.length > 0, {
    path: ['cooperatives'],
    error: 'rail_empty',
  })
  .refine((form) => form.scope !== 'live' || form.live !== '', { path: ['live'], error: 'required' });
export type CouponForm = z.infer<typeof couponForm>;

/** A coupon as it is to be made; sums in fen, cooperatives by id, a missing code is made up. */
export interface MakeCouponCommand {
  code: string | undefined;
  kind: 'fixed' | 'percent';
  amountFen: number;
  percent: number;
  capFen: number | null;
  minSpendFen: number;
  cooperative: string | null;
  scope: CouponScope;
  total: number;
  perPerson: number;
  from: Date;
  until: Date;
  /** Only for those who hold a piece of it. */
  held?: boolean;
}
