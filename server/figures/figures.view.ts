import type { Sellable } from '../catalog/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { money } from '../platform/money.ts';
import { formatDate, type Translate } from '../platform/views/index.ts';
import { SOURCES, thinned, type MinuteFigures, type ProductFigures } from './figures.rules.ts';
import type { ReportTable } from './figures.schema.ts';
import type { Report } from './figures.service.ts';

export interface FigureReader {
  lang: Lang;
  t: Translate;
  media: Media;
}

const CURVE = { width: 720, height: 160, points: 180 } as const;

export function presentReport(
  report: Report,
  sellables: ReadonlyMap<string, Sellable>,
  reader: FigureReader,
) {
  const { live, only } = report;
  const { lang, t } = reader;
  const base = `/host/live/${live._id}/report.csv?table=`;
  return {
    title: live.title[lang],
    href: `/live/${live._id}`,
    state: live.state,
    startedAt: live.startedAt,
    endedAt: live.endedAt,
    own: only !== undefined,
    totals: only ? undefined : totals(report),
    curve: only ? undefined : curve(report.minutes, lang),
    products: report.products.map((product) => presentProduct(product, sellables, reader)),
    hosts: report.hosts.map(({ name, minutes, peak, orders, paidOrders, paidFen, refundedFen }) => ({
      ...{ name, minutes, peak, orders, paidOrders },
      paid: money(paidFen),
      refunded: money(refundedFen),
    })),
    sources: only
      ? []
      : SOURCES.flatMap((from) => {
          const people = report.sources.get(from) ?? 0;
          const share = report.inAll === 0 ? 0 : Math.round((people * 100) / report.inAll);
          return people === 0 ? [] : { name: t(`figures.source.${from}`), people, share };
        }),
    files: {
      products: `${base}products`,
      ...(only ? {} : { hosts: `${base}hosts`, minutes: `${base}minutes` }),
    },
  };
}

function totals({ peak, inAll, minutesWatched, looks, buys, sums, payers }: Report) {
  return {
    ...{ peak, inAll, minutesWatched, looks, buys, orders: sums.orders, paidOrders: sums.paidOrders, payers },
    each: inAll === 0 ? 0 : Math.round(minutesWatched / inAll),
    paid: money(sums.paidFen),
    refunded: money(sums.refundedFen),
    /** In tenths of a percent, as a text: the only figure here that is no count. */
    conversion: inAll === 0 ? '–' : `${(Math.round((payers * 1000) / inAll) / 10).toString()}%`,
  };
}

function presentProduct(
  product: ProductFigures,
  sellables: ReadonlyMap<string, Sellable>,
  { lang, media }: FigureReader,
) {
  const { sku, looks, buys, orders, pieces, paidPieces, paidGoodsFen, returnedPieces } = product;
  const sellable = sellables.get(sku);
  return {
    ...{ sku, looks, buys, orders, pieces, paidPieces, returnedPieces },
    name: sellable?.product.name[lang] ?? sku,
    variant: sellable?.variant.name[lang] ?? '',
    picture: sellable && media.picture(sellable.product.image),
    href: sellable && `/products/${sellable.product.slug}`,
    paid: money(paidGoodsFen),
  };
}

/** People as an area, paid money as bars below it, over the same time. */
function curve(minutes: readonly MinuteFigures[], lang: Lang) {
  const people = thinned(
    minutes.map(({ at, people: value }) => ({ at, value })),
    CURVE.points,
  );
  if (people.length < 2) return undefined;
  const paid = thinned(
    minutes.map(({ at, paidFen: value }) => ({ at, value })),
    CURVE.points,
  );
  const most = Math.max(1, ...people);
  const mostPaid = Math.max(1, ...paid);
  const x = (place: number) => round((place * CURVE.width) / (people.length - 1));
  const y = (value: number) => round(CURVE.height - (value * (CURVE.height - 8)) / most);
  const line = people.map((value, place) => `${x(place)} ${y(value)}`).join(' L');
  return {
    ...{ width: CURVE.width, height: CURVE.height, most },
    line: `M${line}`,
    area: `M0 ${CURVE.height} L${line} L${CURVE.width} ${CURVE.height} Z`,
    bars: paid.flatMap((value, place) => {
      const height = round((value * 48) / mostPaid);
      const width = round(Math.max(1, CURVE.width / people.length - 1));
      return value === 0 ? [] : { x: Math.min(x(place), CURVE.width - width), y: 52 - height, width, height };
    }),
    mostPaid: money(Math.max(0, ...paid)),
    from: formatDate(minutes[0]!.at, 'time', lang),
    to: formatDate(minutes.at(-1)!.at, 'time', lang),
  };
}

const round = (value: number) => Math.round(value * 10) / 10;
const yuan = (fen: number) => (fen / 100).toFixed(2);

/** One table of the report as rows; money in yuan with two places, times in ISO 8601. */
export function reportRows(
  report: Report,
  table: ReportTable,
  sellables: ReadonlyMap<string, Sellable>,
  { lang, t }: Omit<FigureReader, 'media'>,
): (string | number)[][] {
  const head = (...keys: string[]) => keys.map((key) => t(`figures.column.${key}`));
  if (table === 'products') {
    return [
      head(
        'sku',
        'product',
        'variant',
        'looks',
        'buys',
        'orders',
        'pieces',
        'paidPieces',
        'paid',
        'returned',
      ),
      ...report.products.map((product) => [
        product.sku,
        sellables.get(product.sku)?.product.name[lang] ?? '',
        sellables.get(product.sku)?.variant.name[lang] ?? '',
        ...[product.looks, product.buys, product.orders, product.pieces, product.paidPieces],
        ...[yuan(product.paidGoodsFen), product.returnedPieces],
      ]),
    ];
  }
  if (table === 'hosts') {
    return [
      head('host', 'minutes', 'peak', 'orders', 'paidOrders', 'paid', 'refunded'),
      ...report.hosts.map((host) => [
        ...[host.name, host.minutes, host.peak, host.orders, host.paidOrders],
        ...[yuan(host.paidFen), yuan(host.refundedFen)],
      ]),
    ];
  }
  return [
    head('time', 'people', 'orders', 'paid'),
    ...report.minutes.map(({ at, people, orders, paidFen }) => [
      ...[at.toISOString(), people, orders],
      yuan(paidFen),
    ]),
  ];
}
