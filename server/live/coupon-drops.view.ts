import { describeCoupon, type Coupon } from '../orders/index.ts';
import { LANGS } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { money } from '../platform/money.ts';
import type { Translator } from '../platform/views/index.ts';
import type { WireDrop, WireDropChoice, WirePocket } from './coupon-drops.events.ts';
import type { Drop } from './coupon-drops.service.ts';

export interface DropReader {
  translator: Translator;
  media: Media;
}

/** In every language: the room is told once for all who are in it. */
function givesOf(coupon: Coupon, { translator, media }: DropReader): WireDrop['gives'] {
  const [zh, en] = LANGS.map((lang) => describeCoupon(coupon, { lang, t: translator.for(lang), media }));
  return { 'zh-CN': zh ?? '', en: en ?? '' };
}

export function presentDrop(
  { drop, coupon, left }: { drop: Drop; coupon: Coupon; left: number },
  reader: DropReader,
): WireDrop {
  return {
    id: drop._id,
    gives: givesOf(coupon, reader),
    off:
      coupon.kind === 'fixed'
        ? { kind: 'fixed', price: money(coupon.amountFen) }
        : { kind: 'percent', percent: coupon.percent },
    quantity: drop.quantity,
    left,
    opensAt: drop.opensAt.toISOString(),
    closesAt: drop.closesAt.toISOString(),
    until: coupon.until.toISOString(),
  };
}

export function presentPocketCoupon(coupon: Coupon, skus: readonly string[], reader: DropReader): WirePocket {
  const { kind, amountFen, percent, capFen, minSpendFen } = coupon;
  return {
    code: coupon._id,
    gives: givesOf(coupon, reader),
    ...{ kind, amountFen, percent, capFen, minSpendFen },
    skus: [...skus],
    until: coupon.until.toISOString(),
  };
}

export function presentChoice(coupon: Coupon, reader: DropReader): WireDropChoice {
  const out = (coupon.drops ?? []).reduce((sum, { pieces }) => sum + pieces, 0);
  return {
    code: coupon._id,
    gives: givesOf(coupon, reader),
    left: Math.max(0, coupon.total - out),
    until: coupon.until.toISOString(),
  };
}
