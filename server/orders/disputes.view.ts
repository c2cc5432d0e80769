import type { PaymentView } from '../payments/index.ts';
import { formatMoney } from '../platform/money.ts';
import type { OrderReader } from './orders.view.ts';

/** Where a dispute stands, by Stripe's word for it (`dispute.status`); one that we do not know yet is under way. */
const STANDINGS: Record<string, 'open' | 'won' | 'lost'> = {
  needs_response: 'open',
  warning_needs_response: 'open',
  won: 'won',
  warning_closed: 'won',
  prevented: 'won',
  lost: 'lost',
};

/** What a bank asks of a payment, in a sentence for its buyer or for the staff. */
export function presentDisputes(
  disputes: PaymentView['disputes'],
  side: 'buyer' | 'staff',
  { t, lang }: OrderReader,
) {
  return disputes.map(({ amount, status, at }) => {
    const standing = STANDINGS[status] ?? 'review';
    return {
      at,
      kind: standing === 'open' && side === 'staff' ? 'wrong' : standing === 'lost' ? 'careful' : 'info',
      text: t(`orders.dispute.${side}.${standing}`, { amount: formatMoney(amount, lang) }),
    };
  });
}
