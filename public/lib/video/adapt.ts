/** How much a host's line and machine carry: decided anew with every word from the shop, twice a second. */

const FIRST_BITS = 1_500_000;
const MOST_BITS = 2_500_000;
const LEAST_BITS = 250_000;
export const LOW_BITS = 400_000;
const TURN_SECONDS = 0.5;
/** Calm seconds before more is tried, and before a second, smaller stream is made. */
const CALM_SECONDS = 8;
const LOW_AFTER_SECONDS = 4;
/** Pictures wait for the encoder for so many turns: the machine does not make two streams. */
const MOST_STRAINED = 3;
/** How long that machine is then spared the second one; each time twice as long. */
const SPARED_SECONDS = 60;
const MOST_SPARED_SECONDS = 30 * 60;
/** What is no larger has no smaller copy. */
const LOW_LONG_SIDE = 640;

export interface Strain {
  /** Seconds of what was encoded that have not arrived. */
  behind: number;
  /** Pictures that wait for the encoder. */
  waiting: number;
  /** Of the picture as it comes, in pixels. */
  longSide: number;
}

export function createAdaptation(cores: number) {
  let bits = FIRST_BITS;
  let calm = 0;
  let strained = 0;
  let low = false;
  let spared = 0;
  let nextSpared = SPARED_SECONDS;

  return {
    bits: () => Math.round(bits),
    /** @returns what to send from now on: down at once, up slowly; and whether a smaller copy, too */
    heard({ behind, waiting, longSide }: Strain): { bits: number; low: boolean } {
      calm = behind < 0.4 ? calm + TURN_SECONDS : 0;
      spared = Math.max(0, spared - TURN_SECONDS);
      strained = waiting > 1 ? strained + 1 : 0;
      if (behind > 1) {
        bits = Math.max(LEAST_BITS, bits * 0.75);
        low = false;
      } else if (calm >= CALM_SECONDS && bits < MOST_BITS) {
        bits = Math.min(MOST_BITS, bits * 1.15);
        calm = LOW_AFTER_SECONDS;
      }
      if (low && strained > MOST_STRAINED) {
        low = false;
        spared = nextSpared;
        nextSpared = Math.min(MOST_SPARED_SECONDS, nextSpared * 2);
      }
      const hasRoom = calm >= LOW_AFTER_SECONDS && bits > 3 * LOW_BITS && cores >= 2;
      if (hasRoom && spared === 0 && strained === 0 && longSide > LOW_LONG_SIDE) low = true;
      return { bits: Math.round(bits), low };
    },
    /** The encoder of the smaller copy has failed: it is not asked for again. */
    withoutLow() {
      low = false;
      spared = Infinity;
    },
  };
}
