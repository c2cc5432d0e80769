import { AppError, type ErrorCode } from '../platform/errors.ts';
import { groupBy } from '../platform/group.ts';
import type { Terms } from './checkout.rules.ts';
import type { Asked, Ringing } from './ringing.rules.ts';

export interface AskingDeps {
  /** How long an order holds its pieces, in seconds, where its live does not say otherwise. */
  holdSeconds: number;
  /**
   * The live's word on a sale in it, to all who ask for the same; lives stand one step up the ladder.
   *
   * @throws AppError `live_not_running`, `not_found` for a product that is not shown there
   */
  saleIn: (live: string, skus: readonly string[], buyers: readonly Buyer[]) => Promise<SaleInLive>;
  /** What goes without saying for these buyers, such as where their orders go; in their order. */
  standing: (buyers: readonly { ids: readonly string[] }[]) => Promise<(Terms | undefined)[]>;
}

interface Buyer {
  id: string;
  ids: readonly string[];
}

export interface SaleInLive {
  holdSeconds: number | undefined;
  /** The ids of those of the buyers who have been put out of that live: nothing is sold to them there. */
  putOut?: ReadonlySet<string>;
}

/** What is asked for with everything that goes without saying; or why its live does not sell it. */
export type Answer = { ringing: Asked; refused?: ErrorCode };

/**
 * What goes without saying, for a whole batch in one reading each: hundreds of taps of the same second come out of
 * few lives, and most of their buyers have one address.
 */
export function createAsking(deps: AskingDeps) {
  /** The word of each live on each basket that is asked for in it. */
  async function salesOf(ringings: readonly Ringing[]) {
    const sales = new Map<string, SaleInLive | { refused: ErrorCode }>();
    const asked = groupBy(ringings.filter(isInLive), saleKey);
    await Promise.all(
      [...asked].map(async ([key, those]) => {
        const { live, lines } = those[0]!;
        const skus = lines.map(({ sku }) => sku);
        const buyers = those.map(({ buyer }) => buyer);
        try {
          sales.set(key, await deps.saleIn(live!, skus, buyers));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          sales.set(key, { refused: error.code });
        }
      }),
    );
    return (ringing: Ringing): { holdSeconds: number } | { refused: ErrorCode } => {
      const sale = sales.get(saleKey(ringing));
      if (sale && 'refused' in sale) return sale;
      if (sale?.putOut?.has(ringing.buyer.id)) return { refused: 'forbidden' };
      return { holdSeconds: sale?.holdSeconds ?? deps.holdSeconds };
    };
  }

  async function standingOf(ringings: readonly Ringing[]) {
    const plain = ringings.filter(({ terms }) => terms === 'standing');
    if (plain.length === 0) return new Map<Ringing, Terms | undefined>();
    const found = await deps.standing(plain.map(({ buyer }) => buyer));
    return new Map(plain.map((ringing, place) => [ringing, found[place]]));
  }

  return async (ringings: readonly Ringing[]): Promise<Answer[]> => {
    const [saleOf, standing] = await Promise.all([salesOf(ringings), standingOf(ringings)]);
    return ringings.map((ringing): Answer => {
      const terms = ringing.terms === 'standing' ? standing.get(ringing) : ringing.terms;
      if (ringing.holdSeconds !== 'sale') {
        return { ringing: { ...ringing, terms, holdSeconds: ringing.holdSeconds } };
      }
      const sale = saleOf(ringing);
      if ('refused' in sale) {
        return { ringing: { ...ringing, terms, holdSeconds: deps.holdSeconds }, refused: sale.refused };
      }
      return { ringing: { ...ringing, terms, holdSeconds: sale.holdSeconds } };
    });
  };
}

function isInLive({ live, holdSeconds }: Ringing): boolean {
  return live !== null && holdSeconds === 'sale';
}

function saleKey({ live, lines }: Ringing): string {
  return [live, ...lines.map(({ sku }) => sku)].join(' ');
}
