/** A carton's life: from each state, where it may go. Its number is never given out again. */
export const CARTON_MOVES = {
  /** Being filled. */
  open: ['closed', 'unpacked'],
  /** On the shelf, with its contents on record. */
  closed: ['stowing', 'unpacked'],
  /** Its units are going to an order's line, or coming back from it: all of them or none. */
  stowing: ['stowed', 'closed'],
  /** Belongs to an order's line, with all that is in it. */
  stowed: ['stowing'],
  /** Taken apart; its units stand for themselves again. */
  unpacked: [],
} as const satisfies Record<string, readonly string[]>;

export type CartonState = keyof typeof CARTON_MOVES;
export const CARTON_STATES = Object.keys(CARTON_MOVES) as CartonState[];

/** What two arms lift, and a record holds. */
export const MOST_IN_CARTON = 240;

/** Whether units of a carton go nowhere without it. Out of one that was delivered they come back one by one. */
export function holdsShut(state: CartonState): boolean {
  return state === 'open' || state === 'closed' || state === 'stowing';
}

interface Loose {
  _id: string;
}

/**
 * Which of a line's pieces go into a box that takes so many: whole cartons as long as they fit, then single pieces,
 * and only then pieces out of a carton that has to be opened for it.
 */
export function chosenFor<U extends Loose>(
  qty: number,
  units: readonly U[],
  cartons: readonly { units: readonly string[] }[],
): U[] {
  const byId = new Map(units.map((unit) => [unit._id, unit]));
  const chosen = new Map<string, U>();
  const whole = cartons.map((carton) => carton.units.flatMap((id) => byId.get(id) ?? []));
  const take = (some: readonly U[]) => some.forEach((unit) => chosen.set(unit._id, unit));
  for (const [at, pieces] of whole.entries()) {
    const isWhole = pieces.length > 0 && pieces.length === cartons[at]!.units.length;
    if (isWhole && chosen.size + pieces.length <= qty) take(pieces);
  }
  const inCartons = new Set(whole.flat().map(({ _id }) => _id));
  const rest = [...units.filter(({ _id }) => !inCartons.has(_id)), ...whole.flat()];
  for (const unit of rest) {
    if (chosen.size >= qty) break;
    chosen.set(unit._id, unit);
  }
  return [...chosen.values()].slice(0, Math.max(0, qty));
}

/** A box's serials with whole cartons put together: what stands in the box by itself, and what within a carton. */
export function boxedTogether(
  serials: readonly string[],
  cartons: readonly { _id: string; units: readonly string[] }[],
): { cartons: string[]; loose: string[]; inside: number } {
  const there = new Set(serials);
  const whole = cartons.filter(({ units }) => units.length > 0 && units.every((unit) => there.has(unit)));
  const inside = new Set(whole.flatMap(({ units }) => units));
  return {
    cartons: whole.map(({ _id }) => _id),
    loose: serials.filter((serial) => !inside.has(serial)),
    inside: inside.size,
  };
}
