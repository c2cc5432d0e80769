import { groupBy } from '../platform/group.ts';
import { DEFAULT_LANG, type Lang } from '../platform/lang.ts';
import { formatMoney, money } from '../platform/money.ts';
import { formatDate, type Translate } from '../platform/views/index.ts';
import { cameTooLate, maskPhone, refundedFen, type DueMail } from './mails.rules.ts';
import type { OrderDoc, OrderLine, Parcel } from './orders.model.ts';
import { trackingPage } from './packing.rules.ts';
import { TOO_LATE } from './refunds.rules.ts';

export interface MailReader {
  lang: Lang;
  t: Translate;
  /** What links begin with. */
  origin: string;
  /** Id -> name in the reader's language. */
  cooperatives: ReadonlyMap<string, string>;
}

interface Row {
  label: string;
  value: string;
  /** Where the value leads. */
  href?: string | undefined;
}

/** What sets one kind of mail apart from the others. */
interface News {
  /** The branch of the texts; mostly the kind of the mail. */
  texts: string;
  values: Record<string, string>;
  /** What stands out, above everything else. */
  rows: Row[];
  /** Asks for something, or only tells. */
  urgent: boolean;
  /** What is in a parcel that is not the whole order. */
  inside: { name: string; variant: string; qty: number }[];
}

/** A mail about an order, for its buyer alone; everything in it is text already. */
export function presentMail(mail: DueMail, order: OrderDoc, reader: MailReader) {
  const { t, lang, origin } = reader;
  const news = newsOf(mail, order, reader);
  const say = (what: string) => t(`mails.${news.texts}.${what}`, { code: order._id, ...news.values });
  const name = order.buyerName.trim();
  const path = `/orders/${order._id}${lang === DEFAULT_LANG ? '' : `?lang=${lang}`}`;
  return {
    subject: say('subject'),
    title: say('title'),
    lead: say('lead'),
    hello: name ? t('mails.hello', { name }) : t('mails.helloStranger'),
    urgent: news.urgent,
    rows: news.rows,
    inside: news.inside,
    button: { label: say('button'), href: origin + path },
    groups: presentGroups(order.lines, reader),
    sums: presentSums(order, reader),
    total: formatMoney(money(order.totalFen), lang),
    address: presentAddress(order),
    code: order._id,
    placedAt: formatDate(order.createdAt, 'dateTime', lang),
    shop: origin,
  };
}

function newsOf(mail: DueMail, order: OrderDoc, reader: MailReader): News {
  switch (mail.kind) {
    case 'placed':
    case 'offered':
      return placedNews(mail.kind, order, reader);
    case 'paid':
      return paidNews(order, reader);
    case 'shipped':
      return shippedNews(order, mail.part, reader);
    case 'partly_refunded':
    case 'refunded':
      return refundNews(mail, order, reader);
    case 'expired':
      return plain('expired');
  }
}

function plain(texts: string, more: Partial<News> = {}): News {
  return { texts, values: {}, rows: [], urgent: false, inside: [], ...more };
}

function placedNews(texts: 'placed' | 'offered', order: OrderDoc, { t, lang }: MailReader): News {
  // Sent late, after the payment: then it only says that the order is there.
  if (order.state !== 'awaiting_payment') return plain('received');
  const until = formatDate(order.expiresAt, 'dateTime', lang);
  return plain(texts, {
    values: { until, name: order.lines[0]?.name[lang] ?? '' },
    urgent: true,
    rows: [
      { label: t('mails.row.due'), value: formatMoney(money(order.totalFen), lang) },
      { label: t('mails.row.until'), value: t('mails.beijingTime', { time: until }) },
    ],
  });
}

function paidNews({ payment, totalFen }: OrderDoc, { t, lang }: MailReader): News {
  const paid = formatMoney(money(payment.paidFen || totalFen), lang);
  const rows = [{ label: t('mails.row.paid'), value: paid }];
  if (payment.paidAt) {
    const time = formatDate(payment.paidAt, 'dateTime', lang);
    rows.push({ label: t('mails.row.paidAt'), value: t('mails.beijingTime', { time }) });
  }
  return plain('paid', { rows });
}

function shippedNews(order: OrderDoc, code: string | undefined, reader: MailReader): News {
  const { t, lang, cooperatives } = reader;
  const parcel = order.parcels.find((one) => one.code === code);
  if (!parcel) return plain('shipped', { values: { cooperative: t('mails.aCooperative') } });
  const cooperative = cooperatives.get(parcel.cooperative) ?? t('mails.aCooperative');
  const rows: Row[] = [{ label: t('mails.row.from'), value: cooperative }];
  if (parcel.carrier) {
    rows.push({ label: t('mails.row.carrier'), value: t(`packing.carrier.${parcel.carrier}`) });
  }
  if (parcel.tracking) {
    const href = trackingPage(parcel.carrier, parcel.tracking);
    rows.push({ label: t('mails.row.tracking'), value: parcel.tracking, href });
  }
  return plain('shipped', {
    values: { cooperative },
    rows,
    inside: isWhole(parcel, order.lines)
      ? []
      : parcel.items.flatMap(({ line, qty }) => {
          const of = order.lines[line];
          return of ? [{ name: of.name[lang], variant: of.variant[lang], qty }] : [];
        }),
  });
}

function isWhole({ items }: Parcel, lines: readonly OrderLine[]): boolean {
  return lines.every(({ qty }, index) => items.some((item) => item.line === index && item.qty === qty));
}

function refundNews(mail: DueMail, order: OrderDoc, { t, lang }: MailReader): News {
  const all = formatMoney(money(refundedFen(order)), lang);
  if (mail.kind === 'refunded') {
    return plain(lateTexts(order) ?? 'refunded', {
      values: { amount: all },
      rows: [{ label: t('mails.row.refunded'), value: all }],
    });
  }
  const refund = order.refunds.find(({ key }) => key === mail.part);
  const amount = formatMoney(money(refund?.fen ?? 0), lang);
  const rows = [{ label: t('mails.row.refunded'), value: amount }];
  if (all !== amount) rows.push({ label: t('mails.row.refundedSoFar'), value: all });
  return plain('partly_refunded', { values: { amount }, rows });
}

function lateTexts({ history }: OrderDoc): string | undefined {
  if (!cameTooLate(history)) return undefined;
  return history.some(({ why }) => why === TOO_LATE.discount) ? 'too_late_discount' : 'too_late';
}

function presentGroups(lines: readonly OrderLine[], { lang, cooperatives }: MailReader) {
  return [...groupBy(lines, ({ cooperative }) => cooperative)].map(([cooperative, own]) => ({
    cooperative: cooperatives.get(cooperative) ?? '',
    lines: own.map(({ name, variant, qty, priceFen }) => ({
      name: name[lang],
      variant: variant[lang],
      qty,
      price: formatMoney(money(priceFen), lang),
      total: formatMoney(money(priceFen * qty), lang),
    })),
  }));
}

/** How the total comes about. What shipping costs is not known before there is an address. */
function presentSums(
  { goodsFen, discountFen, shippingFen, address }: OrderDoc,
  { t, lang }: MailReader,
): Row[] {
  const rows = [{ label: t('mails.row.goods'), value: formatMoney(money(goodsFen), lang) }];
  if (discountFen > 0) {
    rows.push({ label: t('mails.row.discount'), value: formatMoney(money(-discountFen), lang) });
  }
  const free = address ? t('mails.freeShipping') : t('mails.shippingLater');
  const shipping = shippingFen > 0 ? formatMoney(money(shippingFen), lang) : free;
  rows.push({ label: t('mails.row.shipping'), value: shipping });
  return rows;
}

function presentAddress({ address }: OrderDoc) {
  if (!address) return undefined;
  const { name, phone, province, city, county, street } = address;
  // A municipality is its own province.
  const place = [province, city === province ? '' : city, county, street].filter(Boolean).join(' ');
  return { name, phone: maskPhone(phone), place };
}
