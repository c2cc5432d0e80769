import type { Translate } from '../platform/views/index.ts';
import { formatMoney, money } from '../platform/money.ts';
import type { Lang } from '../platform/lang.ts';
import type { ActDoc } from './acts.model.ts';
import type { RailItem } from './live.events.ts';
import { RIGHTS } from './crew.rules.ts';
import type { Live } from './live.service.ts';
import type { ReportDoc, SanctionDoc } from './moderation.model.ts';
import { NO_CHAT_RULES } from './moderation.rules.ts';
import { prompterParts, type PreparedOffer } from './script.rules.ts';
import type { Script } from './script.service.ts';

export const HOST_TABS = [
  ...(['console', 'edit', 'script', 'prompter', 'rehearsal', 'crew'] as const),
  ...(['encoders', 'report', 'log'] as const),
] as const;
export type HostTab = (typeof HOST_TABS)[number];

/** The frame of a live's own pages: where one is and where else one may go. */
export function presentHostFrame(live: Live, tab: HostTab, may: { run: boolean; crew: boolean }, lang: Lang) {
  const hidden: readonly HostTab[] = [
    ...(may.run ? [] : (['edit', 'script', 'encoders'] as const)),
    ...(may.crew ? [] : (['crew'] as const)),
  ];
  return {
    id: live._id,
    title: live.title[lang],
    state: live.state,
    tabs: HOST_TABS.filter((key) => !hidden.includes(key)).map((key) => ({
      key,
      href: `/host/live/${live._id}${key === 'console' ? '' : `/${key}`}`,
      active: key === tab,
    })),
  };
}

/** China's local time, as `<input type="datetime-local">` wants it. */
export function localInput(date: Date): string {
  return new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 16);
}

export function presentDetails(live: Live) {
  const { slowSeconds, audience, words } = live.chatRules ?? NO_CHAT_RULES;
  return {
    titleZh: live.title['zh-CN'],
    titleEn: live.title.en,
    introZh: live.intro['zh-CN'],
    introEn: live.intro.en,
    startsAt: localInput(live.startsAt),
    holdMinutes: live.holdSeconds === null ? '' : String(Math.round(live.holdSeconds / 60)),
    slowSeconds: String(slowSeconds),
    audience,
    words: wordLines(words),
    edits: live.edits ?? 0,
  };
}

export function wordLines(words: readonly { text: string; verdict: string }[]): string {
  return words.map(({ text, verdict }) => (verdict === 'refuse' ? `!${text}` : text)).join('\n');
}

export function presentCrew(live: Live) {
  return (live.crew ?? []).map(({ id, name, rights, at }) => ({
    id,
    name,
    at,
    rights: RIGHTS.map((right) => ({ right, on: rights.includes(right) })),
  }));
}

export function presentTurns(live: Live) {
  return (live.turns ?? []).map(({ name, from, to }) => ({ name, from, to }));
}

/** A script that was refused comes back as it was typed: nobody writes an evening's words twice. */
export function presentScript(
  script: Script,
  rail: readonly RailItem[],
  {
    lang,
    fields = {},
    values = {},
  }: { lang: Lang; fields?: Record<string, string>; values?: Record<string, unknown> },
) {
  const noteOf = new Map(script.notes.map(({ sku, text }) => [sku, text]));
  const typed = (name: string, kept: string) => (typeof values[name] === 'string' ? values[name] : kept);
  return {
    opening: typed('opening', script.opening),
    closing: typed('closing', script.closing),
    wrong: { opening: fields['opening'], closing: fields['closing'] },
    edits: script.edits,
    items: rail.map((item) => ({
      ...item,
      note: typed(`note.${item.sku}`, noteOf.get(item.sku) ?? ''),
      wrong: fields[`note_${item.sku}`],
    })),
    offers: script.offers.map((offer) => presentOfferLine(offer, rail, lang)),
  };
}

function presentOfferLine(offer: PreparedOffer, rail: readonly RailItem[], lang: Lang) {
  const item = rail.find(({ sku }) => sku === offer.sku);
  return {
    id: offer.id,
    name: item ? `${item.name} ${item.variant}` : offer.sku,
    price: formatMoney(money(offer.priceFen), lang),
    regular: item ? formatMoney(item.price, lang) : '',
    quantity: offer.quantity,
    perBuyer: offer.perBuyer,
    seconds: offer.seconds,
  };
}

export function presentPrompter(script: Script, rail: readonly RailItem[]) {
  const itemOf = new Map(rail.map((item) => [item.sku, item]));
  return prompterParts(
    script,
    rail.map(({ sku }) => sku),
  ).map(({ sku, part, text }) => {
    const item = sku === null ? undefined : itemOf.get(sku);
    return {
      sku,
      part,
      lines: text.split('\n'),
      name: item?.name,
      variant: item?.variant,
      price: item?.price,
    };
  });
}

export function presentActs(acts: readonly ActDoc[], t: Translate) {
  return acts.map(({ at, byName, act, about, why, done }) => ({
    ...{ at, by: byName, about, why, done },
    what: t(`console.act.${act}`),
  }));
}

export function presentReportRow(report: ReportDoc, t: Translate) {
  const { live, name, text, at, state } = report;
  return { live, name, text, at, state, reason: t(`console.reason.${report.reason}`) };
}

export function presentSanctionRow(sanction: SanctionDoc) {
  const { _id, kind, name, at, until, why, lifted } = sanction;
  return { id: _id, kind, name, at, until, why, lifted: lifted !== null };
}
