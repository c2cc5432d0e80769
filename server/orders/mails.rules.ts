import type { OrderDoc, OrderRefund } from './orders.model.ts';
import type { HistoryEntry, OrderState } from './orders.rules.ts';
import { isFromLine } from './waits.rules.ts';

export const MAIL_KINDS = [
  'placed',
  'offered',
  'paid',
  'shipped',
  'partly_refunded',
  'refunded',
  'expired',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** A mail that an order's buyer should have. */
export interface DueMail {
  kind: MailKind;
  order: string;
  /** The parcel of `shipped`, the refund of `partly_refunded`. */
  part?: string;
}

export type MailedOrder = Pick<
  OrderDoc,
  '_id' | 'clickId' | 'state' | 'history' | 'parcels' | 'refunds' | 'expiresAt'
>;

const HOUR_MS = 3_600_000;

/** News older than this is told to nobody. For as long an order is looked through for mails that were missed. */
export const NEWS_MS = 24 * HOUR_MS;

/** A refund is dated when it was asked for, and a bank may take weeks; less than the outbox remembers. */
const REFUND_NEWS_MS = 30 * 24 * HOUR_MS;

/**
 * Every mail that the order's last day gives cause for, sent or not. It follows from the order alone, so that whoever
 * comes late finds what nobody was told of.
 */
export function dueMails(order: MailedOrder, now: Date): DueMail[] {
  const isNews = (at: Date | null | undefined, within = NEWS_MS) =>
    at instanceof Date && now.getTime() - at.getTime() < within;
  const moves = order.history.filter(({ at }) => isNews(at));
  const kinds = new Set(moves.map((entry) => kindOfMove(entry, order)).filter((kind) => kind !== undefined));
  const due: DueMail[] = [...kinds].map((kind) => ({ kind, order: order._id }));
  for (const parcel of order.parcels) {
    if (isNews(parcel.shippedAt)) due.push({ kind: 'shipped', order: order._id, part: parcel.code });
  }
  // Once everything has gone back, the mail about the whole says what one about a part would.
  if (wasRefunded(order.history)) return due;
  for (const refund of order.refunds.filter(isDone)) {
    if (isNews(refund.at, REFUND_NEWS_MS)) {
      due.push({ kind: 'partly_refunded', order: order._id, part: refund.key });
    }
  }
  return due;
}

function kindOfMove({ from, to }: HistoryEntry, order: MailedOrder): MailKind | undefined {
  if (to === 'awaiting_payment') return isFromLine(order) ? 'offered' : 'placed';
  // From elsewhere it comes back to `paid`: a request for a refund was turned down, and no money has come.
  if (to === 'paid') return from === 'awaiting_payment' || from === 'expired' ? 'paid' : undefined;
  return to === 'expired' || to === 'refunded' ? to : undefined;
}

/** The mail's key: the same news is the same mail, however often it is told. */
export function mailId({ order, kind, part }: DueMail): string {
  return part === undefined ? `${order}:${kind}` : `${order}:${kind}:${part}`;
}

/** Whether a mail that was called for has been overtaken: nobody is asked to pay for what is gone. */
export function isOvertaken(
  kind: MailKind,
  order: Pick<OrderDoc, 'state' | 'expiresAt'> & { totalFen?: number },
  now: Date,
): boolean {
  if (kind === 'placed' || kind === 'offered') {
    // Where there was nothing to pay, the mail that it is paid says everything.
    if (order.totalFen === 0 && order.state !== 'awaiting_payment') return true;
    return GONE.has(order.state) || (order.state === 'awaiting_payment' && order.expiresAt <= now);
  }
  return kind === 'expired' && order.state !== 'expired';
}

const GONE: ReadonlySet<OrderState> = new Set(['cancelled', 'expired', 'refunded']);

/** Fen that have gone back, all refunds together. */
export function refundedFen(order: Pick<OrderDoc, 'state' | 'refunds' | 'payment' | 'totalFen'>): number {
  const done = order.refunds.filter(isDone).reduce((sum, { fen }) => sum + fen, 0);
  if (order.state !== 'refunded') return Math.max(done, order.payment.refundedFen);
  // In this state it was everything, also where the parts are not on record yet.
  return Math.max(done, order.payment.refundedFen) || order.payment.paidFen || order.totalFen;
}

/** Money that goes back because it came when the pieces were gone. The mail is sent when that is decided. */
export function cameTooLate(history: readonly HistoryEntry[]): boolean {
  return history.some(({ from, to }) => to === 'refunded' && (from === 'expired' || from === 'cancelled'));
}

/** A phone number as it may stand in a mail: the first three digits and the last four, as is the custom. */
export function maskPhone(phone: string): string {
  const digits = phone.replaceAll(/\D/g, '');
  if (digits.length < 8) return digits.length < 3 ? '****' : `${digits.slice(0, 1)}****`;
  return `${digits.slice(0, 3)}****${digits.slice(-4)}`;
}

function isDone({ state }: OrderRefund): boolean {
  return state === 'done';
}

function wasRefunded(history: readonly HistoryEntry[]): boolean {
  return history.some(({ to }) => to === 'refunded');
}
