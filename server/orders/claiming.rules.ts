import type { ErrorCode } from '../platform/errors.ts';
import type { OrderDoc } from './orders.model.ts';
import type { Claimable } from './ringing.rules.ts';

/** Orders of a batch that do not get what they need, by code, each with its reason. */
export type Refusals = Map<string, ErrorCode>;

/** An order of a batch with the one who asks for it. */
export interface Claimant {
  order: OrderDoc;
  buyers: readonly string[];
}

/**
 * Something besides stock that an order must get before it opens, such as a place in a flash offer. Claims are kept
 * by the order's code, so that claiming or giving back twice is doing it once.
 */
export interface Claim {
  claim(batch: string, claimants: readonly Claimant[]): Promise<Refusals>;
  /** For orders that are not to be: the batch can claim nothing more for them. */
  seal(batch: string, orders: readonly Claimable[]): Promise<void>;
  /**
   * What orders claimed when they were rung up; what a late payment has claimed again meanwhile is theirs: whoever ends
   * a hold may be so slow that its order has been paid by then.
   */
  giveBack(orders: readonly Claimable[]): Promise<void>;
  /**
   * For a payment that came when the order had lapsed and its claim was given back: gets it again, or never. Whoever
   * asks, however often, gets the same answer.
   */
  claimAgain(order: OrderDoc): Promise<boolean>;
  /** What was claimed again and is of no use without the others. */
  giveBackAgain(order: Claimable): Promise<void>;
}
