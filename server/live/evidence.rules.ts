import type { Order } from '../orders/index.ts';
import { groupBy } from '../platform/group.ts';
import type { EvidenceGoods, MomentDoc } from './evidence.model.ts';

/** What stood on the screen when one order was placed. */
export interface Evidence extends Pick<MomentDoc, 'live' | 'at' | 'card' | 'writtenAt'> {
  /** The order's code. */
  _id: string;
  coupon: string | null;
  lines: (EvidenceGoods & { qty: number; /** In fen. */ discountFen: number })[];
}

/** Orders that were rung up in the same batch of the same live saw the same. */
export function byMoment(placed: readonly Order[]): Order[][] {
  return [...groupBy(placed, ({ batch, live }) => `${batch} ${live}`).values()];
}

export type MomentFacts = Pick<MomentDoc, '_id' | 'card' | 'writtenAt'>;

/** @param goodsOf a line's goods, and a key that is the same for all lines of which they are the same */
export function momentOf(
  [first, ...rest]: readonly Order[],
  facts: MomentFacts,
  goodsOf: (line: Order['lines'][0]) => { key: string; goods: () => EvidenceGoods },
): MomentDoc {
  const { live, batch, createdAt } = first!;
  const places = new Map<string, number>();
  const goods: EvidenceGoods[] = [];
  const placeOf = (line: Order['lines'][0]): number => {
    const one = goodsOf(line);
    const known = places.get(one.key);
    if (known !== undefined) return known;
    places.set(one.key, goods.length);
    return goods.push(one.goods()) - 1;
  };
  const orders = [first!, ...rest].map(({ _id: code, coupon, lines }) => ({
    code,
    coupon,
    lines: lines.map((line) => ({ goods: placeOf(line), qty: line.qty, discountFen: line.discountFen })),
  }));
  return { ...facts, live: live!, batch, at: createdAt, goods, orders };
}

/** Each order's own evidence, out of what was written for all of them. */
export function evidencesOf({ orders, goods, live, at, card, writtenAt }: MomentDoc): Evidence[] {
  return orders.map(({ code, coupon, lines }) => ({
    ...{ _id: code, live, at, card, writtenAt, coupon },
    lines: lines.map((line) => ({
      ...goods[line.goods]!,
      ...{ qty: line.qty, discountFen: line.discountFen },
    })),
  }));
}
