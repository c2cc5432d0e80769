import { shortProvince } from '../accounts/index.ts';
import { presentCertificate } from '../catalog/index.ts';
import type { Order } from '../orders/index.ts';
import type { Lang, Localized } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { formatWeight, type Translate } from '../platform/views/index.ts';
import type { Card, Checked } from './card.service.ts';
import { grouped } from './codes.rules.ts';
import type { RoadEvent } from './events.service.ts';
import { presentShownGrower } from './growers.view.ts';
import { ABROAD } from './places.rules.ts';
import { HUNAN, onMap } from './hunan.view.ts';

export interface TraceReader {
  lang: Lang;
  t: Translate;
  media: Media;
  today: string;
}

/** How loudly a verdict is said, and the sign it is said with. */
const TONES = {
  genuine: 'good',
  registered: 'info',
  revoked: 'wrong',
  altered: 'wrong',
  forged: 'wrong',
  unknown: 'careful',
  typing: 'careful',
} as const;

/** What a code turned out to be, as a word and a sentence. */
export function presentVerdict(checked: Checked, { t }: TraceReader) {
  const { verdict } = checked;
  return {
    key: verdict,
    tone: TONES[verdict],
    word: t(`trace.verdict.${verdict}.word`),
    about: t(`trace.verdict.${verdict}.about`),
    ...(checked.verdict === 'typing' ? { hint: t(`trace.typing.${hintOf(checked.typing)}`) } : {}),
    ...(checked.verdict !== 'typing' && checked.seal === 'revoked_key'
      ? { hint: t('trace.keyRevoked') }
      : {}),
  };
}

/** Ways of having mistyped that are worth a word of their own; the faults of a link are one. */
const HINTS = ['length', 'sign', 'check', 'carton'] as const;

function hintOf(typing: string) {
  return HINTS.find((hint) => hint === typing) ?? 'link';
}

export function presentCard(card: Card, reader: TraceReader) {
  const { lot, unit, sellable, cooperative, identity } = card;
  const { product, variant } = sellable;
  const { lang, t, media } = reader;
  const recall =
    lot.state === 'recalled'
      ? [...(lot.history ?? [])].reverse().find(({ to }) => to === 'recalled')
      : undefined;
  const growers = card.growers.map((grower) => presentShownGrower(grower, cooperative.place.label, reader));
  return {
    unit: unit !== undefined,
    code: unit ? grouped(unit._id) : lot.code,
    plain: unit ? unit._id : lot.code,
    recalled: lot.state === 'recalled',
    // A tick beside a recall would be taken for an all-clear.
    alarm: { tone: 'wrong' as const },
    ...(recall ? { recalledAt: recall.at, recallWhy: recall.why } : {}),
    blocked: lot.state === 'blocked',
    past: lot.bestBefore < reader.today,
    product: {
      name: product.name[lang],
      tagline: product.tagline[lang],
      variant: variant.name[lang],
      weight: formatWeight(variant.netGrams, lang),
      href: `/products/${product.slug}`,
      picture: media.picture(product.image),
      origin: product.origin[lang],
    },
    cooperative: { name: cooperative.name[lang], href: `/cooperatives/${cooperative.slug}` },
    lot: { code: lot.code, madeOn: lot.madeOn, bestBefore: lot.bestBefore },
    gtin: identity.gtin,
    growers,
    map: presentMap(
      card,
      growers.flatMap(({ point }) => point ?? []),
      lang,
    ),
    road: presentRoad(card.road, reader),
    certificates: card.certificates.map((one) => ({
      ...presentCertificate(one, reader),
      forThisLot: one.lots.length > 0,
      file: one.file,
    })),
    ...(card.scans ? { scans: presentScans(card, reader) } : {}),
    ...(card.root ? { root: { day: card.root.day, root: card.root.root } } : {}),
    // Not the code of somebody's own jar: looked at from everywhere, it would be taken for a copied one.
    lotHref: `/trace/${lot.code}`,
    ...(lot.state === 'open' ? { cardHref: `/trace/${lot.code}/card.png` } : {}),
    shareTitle: t('trace.title', { name: product.name[lang] }),
  };
}

function presentMap(card: Card, points: readonly { lat: number; lng: number }[], lang: Lang) {
  const at = points.length > 0 ? points : [card.cooperative.location];
  const dots = at.map(onMap);
  const [first] = dots;
  return {
    ...HUNAN,
    dots,
    label: { text: card.cooperative.place.label[lang], x: first!.x, y: first!.y - 16 },
    anchor: first!.x < 90 ? 'start' : first!.x > 232 ? 'end' : 'middle',
  };
}

function presentScans({ scans, unit }: Card, { lang, t }: TraceReader) {
  const { first, firstProvince, howOften, copied } = scans!;
  const place =
    firstProvince === undefined
      ? undefined
      : firstProvince === ABROAD
        ? t('trace.scans.abroad')
        : t('trace.scans.inPlace', { place: shortProvince(firstProvince)[lang] });
  return { first, place, howOften, copied, sold: unit?.state === 'sold' };
}

/** Hands of the shop itself; everybody else is a member of the cooperative. */
const SHOP = new Set(['stock', 'orders', 'parcel', 'till']);

/** A road for people: oldest first; what was declared wrong stays, struck through, with its declaration. */
export function presentRoad(road: readonly RoadEvent[], reader: TraceReader) {
  const { lang, t, media } = reader;
  const wrong = new Map(road.filter((one) => one.declaresWrong).map((one) => [one.declaresWrong!, one]));
  const shown = new Set(road.filter((one) => !one.declaresWrong).map(({ id }) => id));
  return road
    .filter((one) => !one.declaresWrong || shown.has(one.declaresWrong))
    .map((one) => {
      const correction = one.declaresWrong ? undefined : wrong.get(one.id);
      const isWord = Boolean(one.declaresWrong);
      return {
        id: one.id,
        step: one.step,
        label: t(`trace.step.${isWord ? 'corrected' : one.step}`),
        at: isWord ? one.recordedAt : one.at,
        note: textOf(one.note, lang),
        by: t(SHOP.has(one.by) ? 'trace.by.shop' : 'trace.by.member'),
        imported: one.event['sx:imported'] === true,
        ...(correction ? { wrong: true, reason: t(`trace.wrong.${reasonOf(correction.reason)}`) } : {}),
        pictures: one.pictures.slice(0, 4).map((reference) => media.picture(reference)),
        hash: one.hash.slice(0, 10),
        alarm: one.step === 'recalled' || one.step === 'blocked',
      };
    });
}

function reasonOf(reason: string | undefined): 'did_not_occur' | 'incorrect_data' {
  return reason === 'did_not_occur' ? 'did_not_occur' : 'incorrect_data';
}

export function textOf(note: string | Localized | undefined, lang: Lang): string {
  return typeof note === 'string' ? note : (note?.[lang] ?? '');
}

/** The order's own card: for its buyer and nobody else. */
export function presentBought(order: Order, live: { title: string; href: string } | undefined) {
  return {
    code: order._id,
    href: `/orders/${order._id}`,
    at: order.createdAt,
    ...(live ? { live, evidenceHref: `/orders/${order._id}/evidence` } : {}),
  };
}

/** The JSON of a code: nothing that the page does not show. */
export function presentCardJson(checked: Checked, reader: TraceReader) {
  const { key, word, about } = presentVerdict(checked, reader);
  const base = { verdict: key, word, about };
  if (checked.verdict === 'typing' || !checked.card) return base;
  const card = presentCard(checked.card, reader);
  return {
    ...base,
    signature: checked.seal,
    code: card.plain,
    kind: card.unit ? 'unit' : 'lot',
    gtin: card.gtin,
    product: { name: card.product.name, variant: card.product.variant, href: card.product.href },
    lot: { ...card.lot, recalled: card.recalled, ...(card.recallWhy ? { recallWhy: card.recallWhy } : {}) },
    cooperative: card.cooperative.name,
    growers: card.growers.map(({ name, place, mu }) => ({ name, place, mu })),
    road: card.road.map(({ step, label, at, note, wrong, hash }) => ({ step, label, at, note, wrong, hash })),
    certificates: checked.card.certificates.map(({ kind, number, issuer, validFrom, validTo }) => ({
      kind,
      number,
      issuer: issuer[reader.lang],
      validFrom,
      validTo,
    })),
    ...(card.scans ? { scans: { howOften: card.scans.howOften, copied: card.scans.copied } } : {}),
    ...(card.root ? { root: card.root } : {}),
  };
}
