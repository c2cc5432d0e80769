import { money } from '../platform/money.ts';
import type { Lang } from '../platform/lang.ts';
import { formatDate, type Translate } from '../platform/views/index.ts';
import type { Evidence } from './evidence.rules.ts';
import type { EvidenceKeeper } from './evidence.service.ts';

type Read = NonNullable<Awaited<ReturnType<EvidenceKeeper['read']>>>;

/** Evidence for the buyer and for staff. Another's name or person is not in it. */
export function presentEvidence(
  { evidence, place, lowest }: Read,
  live: { id: string; title: string } | undefined,
  reader: { lang: Lang; t: Translate },
) {
  const { lang, t } = reader;
  return {
    order: evidence._id,
    at: evidence.at,
    atText: secondText(evidence.at),
    live: live && {
      title: live.title,
      // The replay opens at that very second where there is a recording of it.
      href: `/live/${live.id}?at=${evidence.at.toISOString()}`,
    },
    place: place ? offsetText(place.offsetMs) : undefined,
    coupon: evidence.coupon,
    card: presentCard(evidence, lang),
    lines: evidence.lines.map((line, index) => ({
      name: line.name[lang],
      variant: line.variant[lang],
      qty: line.qty,
      price: money(line.priceFen),
      regular: money(line.regularFen),
      isCheaper: line.regularFen > line.priceFen,
      discount: line.discountFen > 0 ? money(line.discountFen) : undefined,
      lowest: lowest[index] === undefined ? undefined : money(lowest[index]),
      offer: line.offer && {
        quantity: line.offer.quantity,
        perBuyer: line.offer.perBuyer,
        from: formatDate(line.offer.opensAt, 'dateTime', lang),
        until: formatDate(line.offer.closesAt, 'dateTime', lang),
      },
      lots: line.lots,
      claims: line.claims.map((claim) => claimText(claim, t)),
    })),
    note: t('evidence.note'),
  };
}

/** "test_report TR-1" -> "检测报告 TR-1" */
function claimText(claim: string, t: Translate): string {
  const [kind = '', ...number] = claim.split(' ');
  return [t(`catalog.certificate.${kind}`), ...number].join(' ');
}

function presentCard({ card, lines }: Evidence, lang: Lang) {
  if (!card) return undefined;
  const line = lines.find(({ sku }) => sku === card.sku);
  return { name: line ? `${line.name[lang]} ${line.variant[lang]}` : card.sku, lot: card.lot };
}

/** "1:02:03" from the beginning of the recording. */
export function offsetText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
}

const SECONDS = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** To the second, in Beijing time: "2026-11-23 20:15:07". */
function secondText(at: Date): string {
  return SECONDS.format(at);
}
