import { provinceLabel } from '../accounts/index.ts';
import { money, timesMoney, type Money } from '../platform/money.ts';
import { formatMoney } from '../platform/money.ts';
import type { CartNews } from './cart.rules.ts';
import { shownOf, type QuoteChange, type QuotePart } from './checkout.rules.ts';
import type { Drawn, DrawnLine } from './checkout.service.ts';
import type { CouponOutcome } from './coupons.rules.ts';
import type { OrderReader } from './orders.view.ts';
import type { ShippingCharge } from './shipping.rules.ts';

const say = (fen: number, { lang }: OrderReader) => formatMoney(money(fen), lang);
const kilos = (grams: number) => String(grams / 1000);

/** What has changed since something was put into the cart, in words. */
export function presentNews(news: readonly CartNews[], fen: number, reader: OrderReader) {
  const { t } = reader;
  return news.map((one) => {
    switch (one.kind) {
      case 'gone':
        return { kind: 'wrong', text: t('cart.news.gone') };
      case 'sold_out':
        return { kind: 'wrong', text: t('cart.news.soldOut') };
      case 'fewer':
        return { kind: 'careful', text: t('cart.news.fewer', { n: one.left }) };
      case 'dearer':
        return {
          kind: 'careful',
          text: t('cart.news.dearer', { was: say(one.wasFen, reader), now: say(fen, reader) }),
        };
      case 'cheaper':
        return {
          kind: 'good',
          text: t('cart.news.cheaper', { was: say(one.wasFen, reader), now: say(fen, reader) }),
        };
    }
  });
}

export function presentDrawnLine(line: DrawnLine, reader: OrderReader) {
  const price = money(line.priceFen);
  return {
    sku: line.sku,
    qty: line.qty,
    name: line.name[reader.lang],
    variant: line.variant[reader.lang],
    href: `/products/${line.product}`,
    picture: reader.media.picture(line.image),
    price,
    total: timesMoney(price, line.qty),
    available: line.available,
    few: line.available > 0 && line.available <= 20,
    enough: line.available >= line.qty,
    max: Math.max(1, Math.min(99, line.available)),
    ships: line.ships,
    news: presentNews(line.news, line.priceFen, reader),
  };
}

/** Why a parcel costs what it costs. */
export function explainShipping(charge: ShippingCharge, reader: OrderReader): string[] {
  const { t } = reader;
  const { rate, steps, grams } = charge;
  const first = { kg: kilos(grams), firstKg: kilos(rate.firstGrams), first: say(rate.firstFen, reader) };
  const why: string[] = [];
  if (charge.free)
    why.push(t('shipping.why.free', { kg: kilos(grams), over: say(charge.freeOverFen ?? 0, reader) }));
  else if (steps === 0) why.push(t('shipping.why.first', first));
  else {
    const more = { n: steps, stepKg: kilos(rate.stepGrams), step: say(rate.stepFen, reader) };
    why.push(t('shipping.why.steps', { ...first, ...more }));
  }
  if (charge.surchargeFen > 0) why.push(t('shipping.why.remote', { fen: say(charge.surchargeFen, reader) }));
  if (charge.toFreeFen !== null) why.push(t('shipping.why.toFree', { fen: say(charge.toFreeFen, reader) }));
  return why;
}

interface PartNames {
  cooperatives: ReadonlyMap<string, string>;
  province: string | null;
}

function presentPart(part: QuotePart, drawn: Drawn, names: PartNames, reader: OrderReader) {
  const { shipping } = part;
  const name = names.cooperatives.get(part.cooperative) ?? '';
  const province = names.province === null ? '' : provinceLabel(names.province)[reader.lang];
  return {
    name,
    lines: drawn.lines
      .filter(({ cooperative }) => cooperative === part.cooperative)
      .map((line) => presentDrawnLine(line, reader)),
    shipping: shipping?.ok ? money(shipping.charge.fen) : undefined,
    why: shipping?.ok ? explainShipping(shipping.charge, reader) : [],
    refused: shipping?.ok === false ? reader.t('checkout.refused', { name, province }) : undefined,
  };
}

/** Why a coupon takes nothing off. */
export function explainCoupon(outcome: CouponOutcome, reader: OrderReader): string | undefined {
  if (outcome.ok) return undefined;
  return reader.t(`coupons.refused.${outcome.reason}`, { fen: say(outcome.missingFen ?? 0, reader) });
}

/** Everything of the page that the server works out: what is bought, and every number of its sum. */
export function presentQuote(drawn: Drawn, names: PartNames, reader: OrderReader) {
  const { quote, coupon } = drawn;
  const known = quote.parts.every(({ shipping }) => shipping !== null);
  const off: Money | undefined = quote.discountFen > 0 ? money(quote.discountFen) : undefined;
  return {
    parts: quote.parts.map((part) => presentPart(part, drawn, names, reader)),
    severalParts: quote.parts.length > 1,
    left: drawn.left.map(({ name, news }) => ({
      name: name?.[reader.lang] ?? reader.t('cart.nameless'),
      news: presentNews(news.slice(0, 1), 0, reader),
    })),
    pieces: drawn.lines.reduce((sum, { qty }) => sum + qty, 0),
    goods: money(quote.goodsFen),
    discount: off,
    coupon: coupon
      ? { code: coupon.code, ok: coupon.outcome.ok, why: explainCoupon(coupon.outcome, reader) }
      : undefined,
    shippingKnown: known,
    shipping: money(quote.shippingFen),
    total: money(quote.totalFen),
    canPlace: drawn.lines.length > 0 && drawn.lines.every(({ qty, available }) => available >= qty),
    shown: JSON.stringify(shownOf(drawn.lines, quote)),
  };
}

/** What is different from what the page showed, a sentence each. */
export function presentChanges(changes: readonly QuoteChange[], drawn: Drawn, reader: OrderReader): string[] {
  const { t } = reader;
  const nameOf = (sku: string) => {
    const line = drawn.lines.find((one) => one.sku === sku);
    return line ? `${line.name[reader.lang]} ${line.variant[reader.lang]}` : sku;
  };
  return changes.map((change) => {
    switch (change.kind) {
      case 'price': {
        const values = { from: say(change.fromFen, reader), to: say(change.toFen, reader) };
        return t('checkout.changed.price', { name: nameOf(change.sku), ...values });
      }
      case 'qty':
        return t('checkout.changed.qty', { name: nameOf(change.sku), from: change.from, to: change.to });
      case 'added':
        return t('checkout.changed.added', { name: nameOf(change.sku) });
      case 'removed':
        return t('checkout.changed.removed', { name: nameOf(change.sku) });
      case 'discount': {
        const values = { from: say(change.fromFen, reader), to: say(change.toFen, reader) };
        return t('checkout.changed.discount', values);
      }
      case 'shipping':
        return change.fromFen === null
          ? t('checkout.changed.shippingAdded', { to: say(change.toFen, reader) })
          : t('checkout.changed.shipping', {
              from: say(change.fromFen, reader),
              to: say(change.toFen, reader),
            });
    }
  });
}
