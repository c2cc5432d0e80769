import { formatMoney, money } from '../platform/money.ts';
import { couponState } from './coupons.rules.ts';
import type { Coupon } from './coupons.service.ts';
import type { OrderReader } from './orders.view.ts';

/** What a coupon gives, in words. */
export function describeCoupon(coupon: Coupon, { lang, t }: OrderReader): string {
  const say = (fen: number) => formatMoney(money(fen), lang);
  const off =
    coupon.kind === 'fixed'
      ? t('coupons.off.fixed', { fen: say(coupon.amountFen) })
      : t('coupons.off.percent', { percent: coupon.percent });
  const cap = coupon.kind === 'percent' && coupon.capFen !== null;
  return [
    off,
    ...(cap ? [t('coupons.off.cap', { fen: say(coupon.capFen ?? 0) })] : []),
    ...(coupon.minSpendFen > 0 ? [t('coupons.off.from', { fen: say(coupon.minSpendFen) })] : []),
  ].join(t('coupons.off.and'));
}

const NAMED = 3;

function describeScope(
  { scope, cooperative: owner }: Coupon,
  nameOf: (product: string) => string,
  t: OrderReader['t'],
): string {
  switch (scope.kind) {
    case 'all':
      return owner === null ? t('coupons.scope.shop') : t('coupons.scope.all');
    case 'products':
      return t(scope.products.length > NAMED ? 'coupons.scope.products' : 'coupons.scope.only', {
        n: scope.products.length,
        names: scope.products.slice(0, NAMED).map(nameOf).join(t('coupons.scope.and')),
      });
    case 'cooperatives':
      return t('coupons.scope.cooperatives', { n: scope.cooperatives.length });
    case 'live':
      return t('coupons.scope.live');
  }
}

export function presentCoupon(
  { coupon, used }: { coupon: Coupon; used: number },
  { now, nameOf }: { now: Date; nameOf: (product: string) => string },
  reader: OrderReader,
) {
  const state = couponState(coupon, now);
  return {
    code: coupon._id,
    gives: describeCoupon(coupon, reader),
    scope: describeScope(coupon, nameOf, reader.t),
    used,
    total: coupon.total,
    perPerson: coupon.perPerson,
    from: coupon.from,
    until: coupon.until,
    state,
    stateLabel: reader.t(`coupons.state.${state}`),
    canStop: state === 'running' || state === 'not_started',
  };
}

/** What was typed, for a form that comes back. */
export function couponValues(body: unknown) {
  const from = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof from[name] === 'string' ? from[name].slice(0, 200) : '');
  const list = (name: string) => {
    const value = from[name];
    return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
  };
  return {
    code: text('code'),
    kind: text('kind') === 'percent' ? 'percent' : 'fixed',
    amountFen: text('amountFen'),
    percent: text('percent'),
    capFen: text('capFen'),
    minSpendFen: text('minSpendFen'),
    scope: text('scope') || 'all',
    products: list('products'),
    cooperatives: list('cooperatives'),
    live: text('live'),
    total: text('total'),
    perPerson: text('perPerson'),
    from: text('from'),
    until: text('until'),
    held: text('held') === 'on',
  };
}
