import type { Lang } from '../platform/lang.ts';
import type { Cooperative } from './cooperatives.service.ts';

/** The pages of a cooperative's desk, in the order of its navigation. */
const TABS = {
  overview: '/coop',
  stock: '/coop/stock',
  orders: '/coop/orders',
  shipping: '/coop/shipping',
  coupons: '/coop/coupons',
  certificates: '/coop/certificates',
  trace: '/coop/trace',
} as const;

export type DeskTab = keyof typeof TABS;

/** What every page of the desk carries: whose it is, the other desks of its reader, and where one can go. */
export function presentDeskFrame(
  desks: readonly Cooperative[],
  current: Cooperative,
  { tab, lang }: { tab: DeskTab; lang: Lang },
) {
  return {
    cooperatives: desks.map((coop) => ({
      slug: coop.slug,
      name: coop.name[lang],
      active: coop._id === current._id,
      href: `${TABS[tab]}?coop=${coop.slug}`,
    })),
    current: { slug: current.slug, name: current.name[lang] },
    tabs: Object.entries(TABS).map(([key, path]) => ({
      key,
      active: key === tab,
      href: `${path}?coop=${current.slug}`,
    })),
  };
}
