import type { Order } from '../orders/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Translate } from '../platform/views/index.ts';
import { piecesHeld } from './recalls.rules.ts';
import type { Recall, RecallCase } from './recalls.service.ts';

/** When a lot was on the table of a live. */
export interface Showing {
  title: string;
  href: string;
  from: Date;
  to: Date | null;
}

export function presentRecallRow(recall: Recall, names: ReadonlyMap<string, string>, t: Translate) {
  return {
    href: `/coop/recalls/${recall._id}`,
    code: recall.code,
    name: names.get(recall.sku) ?? recall.sku,
    state: recall.state,
    stateLabel: t(`recalls.state.${recall.state}`),
    why: recall.why,
    startedAt: recall.startedAt,
  };
}

export function presentRecall(
  recall: Recall,
  { names, people }: { names: ReadonlyMap<string, string>; people: ReadonlyMap<string, string> },
  t: Translate,
) {
  return {
    ...presentRecallRow(recall, names, t),
    id: recall._id,
    lotHref: `/coop/stock/${recall.code}`,
    isRunning: recall.state === 'running',
    advice: recall.advice,
    offersRefund: recall.offersRefund,
    startedBy: people.get(recall.startedBy) ?? '',
    endedAt: recall.endedAt,
    endedBy: recall.endedBy ? (people.get(recall.endedBy) ?? '') : '',
    endWhy: recall.endWhy,
    refundsAll: recall.refundAll !== null,
  };
}

/** One order that holds pieces of it, with the buyer as the packing table knows them. */
export function presentCase(
  one: RecallCase,
  { order, lot, cooperative }: { order: Order | undefined; lot: string; cooperative: string },
  { t }: { lang: Lang; t: Translate },
) {
  const held = order ? piecesHeld(order, lot) : [];
  const lines = new Set(held.map(({ line }) => line));
  const boxes = (order?.parcels ?? []).filter(
    (parcel) => parcel.cooperative === cooperative && parcel.items.some(({ line }) => lines.has(line)),
  );
  return {
    order: one.order,
    href: `/coop/orders/${one.order}`,
    buyer: order?.address?.name ?? order?.buyerName ?? '',
    phone: order?.address?.phone,
    pieces: held.reduce((sum, { qty }) => sum + qty, 0),
    parcels: boxes.map(({ code, state, tracking }) => ({
      code,
      state,
      stateLabel: t(`packing.parcel.${state}`),
      tracking,
    })),
    told: one.told ? (one.reached ? 'mail' : 'phone') : 'soon',
    toldLabel: t(`recalls.told.${one.told ? (one.reached ? 'mail' : 'phone') : 'soon'}`),
    refund: one.refund,
    refundLabel: t(`recalls.refund.${one.refund}`),
    mayRefund: one.refund === 'none' || one.refund === 'refused',
  };
}
