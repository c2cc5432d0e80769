import type { Product } from '../catalog/index.ts';
import { groupBy } from '../platform/group.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translate } from '../platform/views/index.ts';
import { effectOf, type Movement } from './ledger.rules.ts';
import {
  canSell,
  conditionOf,
  inAndOut,
  LOT_FILTERS,
  orderOfRef,
  readWriteOffWhy,
  type LotFilter,
} from './lots.rules.ts';
import type { LotRow } from './lots.service.ts';

export interface StockReader {
  lang: Lang;
  t: Translate;
  media: Media;
  /** Today at the farms, ISO 8601. */
  today: string;
}

/** Orders that a batch of the till took pieces for; a few of their codes. */
export interface OrdersBehind {
  codes: string[];
  count: number;
}

export function presentFilters(current: LotFilter, coop: string, { t }: StockReader) {
  return LOT_FILTERS.map((key) => ({
    label: t(`stock.filter.${key}`),
    active: key === current,
    href: `/coop/stock?coop=${coop}${key === 'all' ? '' : `&show=${key}`}`,
  }));
}

function presentLot(lot: LotRow, { t, today }: StockReader) {
  const condition = conditionOf(lot, today);
  return {
    code: lot.code,
    href: `/coop/stock/${lot.code}`,
    condition,
    conditionLabel: t(`stock.condition.${condition}`),
    onHand: lot.available + lot.held,
    held: lot.held,
    sold: lot.sold,
    canSell: canSell(lot, today),
    bestBefore: lot.bestBefore,
    sellUntil: lot.sellUntil,
    readyOn: lot.readyOn !== undefined && lot.readyOn > today ? lot.readyOn : undefined,
  };
}

/** Lots below their product and variant. A filter leaves out what it finds nothing of. */
export function presentStock(
  products: readonly Product[],
  lots: readonly LotRow[],
  filter: LotFilter,
  reader: StockReader,
) {
  const bySku = groupBy(lots, ({ sku }) => sku);
  return products.flatMap((product) => {
    const variants = product.variants.flatMap(({ sku, name }) => {
      const rows = (bySku.get(sku) ?? []).map((lot) => presentLot(lot, reader));
      if (rows.length === 0 && filter !== 'all') return [];
      const sum = rows.reduce((total, lot) => total + lot.canSell, 0);
      return [
        {
          sku,
          name: name[reader.lang],
          canSell: sum,
          receiveHref: `/coop/stock/receive?sku=${sku}`,
          lots: rows,
        },
      ];
    });
    if (variants.length === 0) return [];
    return [
      {
        slug: product.slug,
        name: product.name[reader.lang],
        picture: reader.media.picture(product.image),
        variants,
      },
    ];
  });
}

/** What a lot can be received of. */
export function presentChoices(products: readonly Product[], { lang, media }: StockReader) {
  return products.map((product) => ({
    name: product.name[lang],
    picture: media.picture(product.image),
    variants: product.variants.map(({ sku, name }) => ({
      sku,
      name: name[lang],
      href: `/coop/stock/receive?sku=${sku}`,
    })),
  }));
}

export function presentLotPage(
  lot: LotRow,
  { product, names }: { product: Product | undefined; names: ReadonlyMap<string, string> },
  reader: StockReader,
) {
  const variant = product?.variants.find(({ sku }) => sku === lot.sku);
  return {
    ...presentLot(lot, reader),
    sku: lot.sku,
    product: product?.name[reader.lang] ?? lot.sku,
    variant: variant?.name[reader.lang] ?? '',
    picture: product ? reader.media.picture(product.image) : undefined,
    madeOn: lot.madeOn,
    available: lot.available,
    isOpen: lot.state === 'open',
    isBlocked: lot.state === 'blocked',
    figures: (
      [
        ['available', lot.available],
        ['held', lot.held],
        ['sold', lot.sold],
        ['writtenOff', lot.writtenOff],
        ['received', lot.received],
        ['adjusted', lot.adjusted],
        ...(lot.moved === 0 ? [] : [['moved', lot.moved] as const]),
      ] as const
    ).map(([key, value]) => ({ label: reader.t(`stock.figure.${key}`), value })),
    history: (lot.history ?? [])
      .map(({ at, by, to, why, readyOn }) => ({
        at,
        label:
          readyOn === undefined
            ? reader.t(`stock.became.${to}`)
            : reader.t(readyOn === null ? 'stock.ready.became' : 'stock.ready.becameLater', { day: readyOn }),
        who: names.get(by) ?? reader.t('stock.book.shop'),
        why,
      }))
      .reverse(),
  };
}

/** A lot that pieces may be moved to, as a choice of a form. */
export function presentTarget(lot: LotRow, { t }: StockReader, chosen: unknown) {
  return {
    code: lot.code,
    label: t('stock.move.target', { code: lot.code, day: lot.bestBefore, n: lot.available }),
    chosen: lot.code === chosen,
  };
}

/** A line of the bank book, as seen from the pieces that can be sold. */
export function presentLine(
  line: Movement,
  more: { coop: string; names: ReadonlyMap<string, string>; behind: ReadonlyMap<string, OrdersBehind> },
  { t }: StockReader,
) {
  const one = orderOfRef(line.ref);
  const behind = one === undefined ? more.behind.get(line.ref) : { codes: [one], count: 1 };
  const { in: came, out } = inAndOut(effectOf(line.kind, line.qty).available ?? 0);
  const codes = behind?.codes ?? [];
  return {
    at: line.at,
    what: t(`stock.movement.${line.kind}`),
    // Pieces that were held and are sold now were out of sale before: neither in nor out.
    aside: came === 0 && out === 0 ? line.qty : undefined,
    came: came || undefined,
    out: out || undefined,
    balance: line.available,
    who: more.names.get(line.by) ?? t('stock.book.shop'),
    why: reasonOf(line, t),
    other: line.other && { code: line.other, href: `/coop/stock/${line.other}` },
    orders: codes.map((code) => ({ code, href: `/coop/orders/${code}?coop=${more.coop}` })),
    moreOrders: (behind?.count ?? 0) - codes.length || undefined,
  };
}

/** Only what a person wrote: the shop's own reasons are in the name of the movement. */
function reasonOf({ kind, why }: Movement, t: Translate): string {
  if (kind === 'adjusted' || kind === 'moved') return why;
  if (kind !== 'written_off') return '';
  const { reason, note } = readWriteOffWhy(why);
  const word = t(`stock.reason.${reason}`);
  return note === '' ? word : t('stock.book.reason', { word, note });
}
