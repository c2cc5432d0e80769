const KEY = 'draw-seal:';

/**
 * The seal of a draw as this very device saw it in the room, before anybody had won. Whoever changes list or seed
 * afterwards would have to change it here, too.
 */
export function keepSeal(draw: string, seal: string) {
  try {
    if (localStorage.getItem(KEY + draw) === null) localStorage.setItem(KEY + draw, seal);
  } catch {
    // No storage for this page: then there is nothing to compare with.
  }
}

export function sealSeen(draw: string): string | undefined {
  try {
    return localStorage.getItem(KEY + draw) ?? undefined;
  } catch {
    return undefined;
  }
}
