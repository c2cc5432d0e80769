import { describe, expect, test } from 'vitest';
import {
  cameTooLate,
  dueMails,
  isOvertaken,
  mailId,
  maskPhone,
  refundedFen,
  type MailedOrder,
} from '../../server/orders/mails.rules.ts';
import type { OrderRefund, Parcel } from '../../server/orders/orders.model.ts';
import { ORDER_MOVES, ORDER_STATES, type OrderState } from '../../server/orders/orders.rules.ts';

const now = new Date('2026-03-02T08:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

/** An order that went this way, a minute ago. */
function order(path: OrderState[], more: Partial<MailedOrder> = {}): MailedOrder {
  const history = path
    .slice(1)
    .map((to, index) => ({ at: ago(1), from: path[index]!, to, by: 'x', why: 'x' }));
  const state = path.at(-1)!;
  const base = { _id: 'CODE', clickId: 'a-click-of-mine', parcels: [], refunds: [], expiresAt: ago(-1) };
  return { ...base, state, history, ...more };
}

const due = (...args: Parameters<typeof order>) => dueMails(order(...args), now).map(mailId);

function parcel(code: string, shippedAt: Date | null): Parcel {
  return { code, shippedAt } as Parcel;
}

function refund(key: string, state: OrderRefund['state'], at = ago(1), fen = 100): OrderRefund {
  return { key, state, at, fen, why: '', by: '', restock: [], items: [], shipping: [], shares: [] };
}

describe('which mail for which move', () => {
  const PLACED: OrderState[] = ['opening', 'awaiting_payment'];

  test('none while an order is being rung up', () => {
    expect(due(['opening'])).toEqual([]);
  });

  test.each([
    [PLACED, ['CODE:placed']],
    [
      [...PLACED, 'paid'],
      ['CODE:placed', 'CODE:paid'],
    ],
    [
      [...PLACED, 'expired'],
      ['CODE:placed', 'CODE:expired'],
    ],
    [
      [...PLACED, 'expired', 'paid'],
      ['CODE:placed', 'CODE:expired', 'CODE:paid'],
    ],
    [[...PLACED, 'cancelled'], ['CODE:placed']],
    [
      [...PLACED, 'paid', 'packing', 'shipped', 'delivered'],
      ['CODE:placed', 'CODE:paid'],
    ],
    [
      [...PLACED, 'expired', 'refunded', 'refunded'],
      ['CODE:placed', 'CODE:expired', 'CODE:refunded'],
    ],
  ] as [OrderState[], string[]][])('%j', (path, ids) => {
    expect(due(path)).toEqual(ids);
  });

  test('no other move writes to anybody', () => {
    const loud = new Set<OrderState>(['awaiting_payment', 'paid', 'expired', 'refunded']);
    for (const from of ORDER_STATES) {
      for (const to of ORDER_MOVES[from] as readonly OrderState[]) {
        const ids = due([from, to]);
        expect(ids.length, `${from} -> ${to}`).toBe(
          loud.has(to) && !(to === 'paid' && from === 'refund_requested') ? 1 : 0,
        );
      }
    }
  });

  test('each parcel that has left has its own', () => {
    const parcels = [parcel('P1', ago(2)), parcel('P2', null), parcel('P3', ago(1))];
    expect(due(['packing', 'shipped'], { parcels })).toEqual(['CODE:shipped:P1', 'CODE:shipped:P3']);
  });

  test('each refund that has gone through, until everything is back', () => {
    const refunds = [refund('a', 'done'), refund('b', 'asked'), refund('c', 'failed')];
    expect(due(['paid', 'partly_refunded'], { refunds })).toEqual(['CODE:partly_refunded:a']);
    expect(
      due(['partly_refunded', 'refunded'], { refunds: [refund('a', 'done'), refund('b', 'done')] }),
    ).toEqual(['CODE:refunded']);
  });

  test('what is older than a day is told to nobody; a refund may have been long on its way', () => {
    const old = order(['opening', 'awaiting_payment', 'paid']);
    old.history.forEach((entry) => (entry.at = ago(25)));
    old.parcels.push(parcel('P1', ago(25)), parcel('P2', ago(23)));
    old.refunds.push(refund('a', 'done', ago(24 * 20)), refund('b', 'done', ago(24 * 31)));
    expect(dueMails(old, now).map(mailId)).toEqual(['CODE:shipped:P2', 'CODE:partly_refunded:a']);
  });
});

describe('a mail that has been overtaken', () => {
  test('asks nobody to pay for what is gone', () => {
    expect(isOvertaken('placed', order(['opening', 'awaiting_payment']), now)).toBe(false);
    expect(isOvertaken('placed', { state: 'awaiting_payment', expiresAt: ago(0.01) }, now)).toBe(true);
    for (const state of ['cancelled', 'expired', 'refunded'] as const) {
      expect(isOvertaken('placed', { state, expiresAt: ago(-1) }, now)).toBe(true);
    }
    expect(isOvertaken('placed', { state: 'paid', expiresAt: ago(1) }, now)).toBe(false);
  });

  test('calls nothing expired that was paid after all', () => {
    expect(isOvertaken('expired', { state: 'expired', expiresAt: ago(1) }, now)).toBe(false);
    expect(isOvertaken('expired', { state: 'paid', expiresAt: ago(1) }, now)).toBe(true);
  });
});

describe('what has gone back', () => {
  const payment = { intent: 'x', paidFen: 500, paidAt: null, refundedFen: 0, disputed: false };

  test('is the sum of what is done', () => {
    const refunds = [
      refund('a', 'done', now, 100),
      refund('b', 'asked', now, 50),
      refund('c', 'done', now, 30),
    ];
    expect(refundedFen({ state: 'partly_refunded', refunds, payment, totalFen: 500 })).toBe(130);
  });

  test('is everything where nothing is on record yet', () => {
    const refunds = [refund('a', 'asked', now, 500)];
    expect(refundedFen({ state: 'refunded', refunds, payment, totalFen: 700 })).toBe(500);
  });

  test('came too late when the order was gone already', () => {
    expect(cameTooLate(order(['expired', 'refunded', 'refunded']).history)).toBe(true);
    expect(cameTooLate(order(['cancelled', 'refunded']).history)).toBe(true);
    expect(cameTooLate(order(['awaiting_payment', 'expired', 'paid', 'refunded']).history)).toBe(false);
  });
});

test('a phone number shows its ends only', () => {
  expect(maskPhone('13812345678')).toBe('138****5678');
  expect(maskPhone('+86 138-1234-5678')).toBe('861****5678');
  expect(maskPhone('123456')).toBe('1****');
  expect(maskPhone('')).toBe('****');
});
