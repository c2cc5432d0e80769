import type { Answer, Intent, Story } from './objects.rules.ts';
import { dispute, refused, type Moment } from './story.rules.ts';

/** What the buyer does at the test cashier, and how the news of it travels; and what their bank does afterwards. */
export const CHOICES = [
  ...(['pay', 'decline', 'late', 'twice', 'wrong_order', 'lost'] as const),
  ...(['dispute', 'dispute_won', 'dispute_lost'] as const),
] as const;
export type Choice = (typeof CHOICES)[number];

/** The dispute's status that each choice of the bank leads to. */
export const BANK = { dispute: 'needs_response', dispute_won: 'won', dispute_lost: 'lost' } as const;
export type BankChoice = keyof typeof BANK;

/** What the buyer's bank can do about a payment, by how its dispute stands. */
export function bankChoices({ status }: Pick<Intent, 'status'>, standing: string | undefined): BankChoice[] {
  if (status !== 'succeeded' || standing === 'won' || standing === 'lost') return [];
  return standing === undefined ? ['dispute'] : ['dispute_won', 'dispute_lost'];
}

export function isOfBank(choice: Choice): choice is BankChoice {
  return Object.hasOwn(BANK, choice);
}

/** The bank of a buyer who has paid begins a dispute, or ends the one that is open. */
export function bankSays(story: Story, choice: BankChoice, moment: Moment): Answer<Intent> {
  const { intent, disputes } = story;
  if (!bankChoices(intent, disputes[0]?.status).includes(choice)) {
    return refused('There is nothing that a bank could say of this PaymentIntent now.');
  }
  dispute(story, BANK[choice], moment);
  return { ok: true, object: intent };
}
