import type { Product } from '../catalog/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Translate } from '../platform/views/index.ts';
import type { Grower } from './growers.service.ts';
import type { Report } from './reports.service.ts';

export function presentDeskLots(
  lots: readonly { code: string; sku: string; madeOn: string }[],
  products: readonly Product[],
  lang: Lang,
) {
  return products.flatMap((product) => {
    const skus = new Map(product.variants.map(({ sku, name }) => [sku, name[lang]]));
    const own = lots.filter(({ sku }) => skus.has(sku));
    if (own.length === 0) return [];
    const rows = own.map(({ code, sku, madeOn }) => ({
      code,
      madeOn,
      variant: skus.get(sku) ?? '',
      href: `/coop/trace/${code}`,
      cardHref: `/trace/${code}`,
    }));
    return [{ name: product.name[lang], lots: rows }];
  });
}

export function presentGrower(grower: Grower, lang: Lang, t: Translate) {
  const { name, nameShown, plot, plotShown, words } = grower;
  return {
    id: grower._id,
    name: name[lang],
    place: plot.township[lang],
    shown: `${t(`traceDesk.nameShown.${nameShown}`)} · ${t(`traceDesk.plotShown.${plotShown}`)}`,
    href: `/coop/trace/growers/${grower._id}`,
    values: {
      ...{ nameZh: name['zh-CN'], nameEn: name.en, nameShown, plotShown },
      ...{ plotZh: plot.name['zh-CN'], plotEn: plot.name.en },
      ...{ townshipZh: plot.township['zh-CN'], townshipEn: plot.township.en },
      ...{ lat: plot.lat, lng: plot.lng, mu: plot.mu },
      ...{ wordsZh: words['zh-CN'], wordsEn: words.en },
    },
  };
}

export function presentReport({ _id, kind, text, contact, code, lot, at, state }: Report, t: Translate) {
  return {
    id: _id,
    kind: t(`trace.report.kind.${kind}`),
    ...{ text, contact, code, lot, at },
    open: state === 'open',
  };
}
