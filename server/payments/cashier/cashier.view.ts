import { money } from '../../platform/money.ts';
import { bankChoices } from './choices.rules.ts';
import type { Intent } from './objects.rules.ts';

const MISHAPS = ['late', 'twice', 'wrong_order', 'lost'] as const;

/** The test cashier's page. */
export function presentCashier(
  { intent, dispute }: { intent: Intent; dispute: string | undefined },
  form: { secret: string; returnUrl: string },
) {
  return {
    amount: money(intent.amount),
    description: intent.description ?? undefined,
    isOpen: intent.status === 'requires_payment_method',
    isPaid: intent.status === 'succeeded',
    isCancelled: intent.status === 'canceled',
    declined: intent.status === 'requires_payment_method' && intent.last_payment_error !== null,
    action: `/cashier/pay/${intent.id}`,
    secret: form.secret,
    returnUrl: form.returnUrl,
    bank: bankChoices(intent, dispute),
    mishaps: MISHAPS.map((choice) => ({ choice })),
  };
}
