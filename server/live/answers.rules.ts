/** "Last twenty!" is only called when it is so: some are left, and no more than this. */
export const LAST_PIECES = 20;

export function mayCallOut(available: number): boolean {
  return available > 0 && available <= LAST_PIECES;
}
