import type { Person } from '../accounts/index.ts';
import { money } from '../platform/money.ts';
import type {
  DeskSelf,
  DeskState,
  HiddenMessage,
  PreparedWire,
  WireAnswer,
  WireLot,
  WireReport,
  WireSanction,
} from './console.events.ts';
import { actingHost, actingName, memberOf, RIGHTS } from './crew.rules.ts';
import type { PinMark } from './chapters.rules.ts';
import type { ChatLine } from './live.facts.ts';
import type { ChatDoc, LiveDoc } from './live.model.ts';
import type { Live } from './live.service.ts';
import type { ReportDoc, SanctionDoc } from './moderation.model.ts';
import { NO_CHAT_RULES } from './moderation.rules.ts';
import type { PreparedOffer } from './script.rules.ts';

/** A person as they are called at this table; whoever is not listed is an admin. */
function seatOf(live: Pick<LiveDoc, 'host' | 'crew'>, person: string): string {
  return person === live.host ? 'owner' : (memberOf(live, person)?.id ?? 'admin');
}

function nameOf(live: Pick<LiveDoc, 'host' | 'hostName' | 'crew' | 'turns'>, person: string): string {
  if (person === live.host) return live.hostName;
  return memberOf(live, person)?.name ?? live.turns?.find(({ host }) => host === person)?.name ?? 'admin';
}

export function presentAnswer(answer: NonNullable<LiveDoc['answer']>): WireAnswer {
  const { id, asker, question, text } = answer;
  return { id, asker, question, text };
}

export function presentRules(live: Pick<LiveDoc, 'chatRules'>): DeskState['rules'] {
  const { slowSeconds, audience, words } = live.chatRules ?? NO_CHAT_RULES;
  return { slowSeconds, audience, words: words.map(({ text, verdict }) => ({ text, verdict })) };
}

export function presentDesk(live: Live, lastBy?: Pick<PinMark, 'by'>): DeskState {
  const by = lastBy ?? live.marks?.at(-1);
  const { handover } = live;
  return {
    liveId: live._id,
    version: live.pinSeq ?? 0,
    pinned: live.pinned && {
      sku: live.pinned.sku,
      lot: live.pinned.lot ?? null,
      at: live.pinned.at.toISOString(),
      by: by ? nameOf(live, by.by) : '',
    },
    acting: { member: seatOf(live, actingHost(live)), name: actingName(live) },
    handover: handover
      ? {
          id: handover.id,
          to: handover.to === null ? null : seatOf(live, handover.to),
          toName: handover.toName,
          byName: handover.byName,
        }
      : null,
    crew: (live.crew ?? []).map(({ id, name, rights }) => ({ id, name, rights: [...rights] })),
    rules: presentRules(live),
    answer: live.answer ? presentAnswer(live.answer) : null,
  };
}

export function presentSelf(live: Live, person: Person, runs: boolean): DeskSelf {
  const member = memberOf(live, person.id);
  const seat = person.id === live.host ? 'owner' : (member?.id ?? 'admin');
  return { member: seat, rights: runs ? [...RIGHTS] : [...(member?.rights ?? [])], runs };
}

export function presentLots(lots: ReadonlyMap<string, readonly WireLot[]>): Record<string, WireLot[]> {
  return Object.fromEntries(
    [...lots].map(([sku, list]) => [
      sku,
      list.slice(0, 6).map(({ code, available, bestBefore }) => ({ code, available, bestBefore })),
    ]),
  );
}

export function presentHidden(message: ChatDoc | (ChatLine & Pick<ChatDoc, 'hidden'>)): HiddenMessage {
  const id = '_id' in message ? message._id : message.id;
  const { name, text, at, role, hidden } = message;
  return { id, name, text, at: at.toISOString(), role, why: hidden?.why ?? '' };
}

export function presentReport(report: ReportDoc): WireReport {
  const { id, message, name, text, reason, at } = report;
  return { id, messageId: message, name, text, reason, at: at.toISOString() };
}

export function presentSanction(sanction: SanctionDoc): WireSanction {
  const { _id, kind, name, until, lifted, at, why } = sanction;
  return {
    ...{ id: _id, kind, name, why },
    until: until?.toISOString() ?? null,
    lifted: lifted !== null,
    at: at.toISOString(),
  };
}

export function presentPrepared(offer: PreparedOffer): PreparedWire {
  const { id, sku, priceFen, quantity, perBuyer, seconds } = offer;
  return { id, sku, price: money(priceFen), quantity, perBuyer, seconds };
}
