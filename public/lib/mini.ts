/** What goes on playing in the corner when somebody leaves a room for the shop; remembered for this tab. */
export interface Mini {
  live: string;
  title: string;
  /** The room's cover, for before the first picture and for sound alone. */
  poster: string;
  kind: 'live' | 'replay';
  shape: 'portrait' | 'landscape';
  muted: boolean;
  /** Seconds into the replay. */
  at: number;
  /** A media server elsewhere carries it, which only a page of its own may connect to. */
  elsewhere: boolean;
}

const KEY = 'mini-player';

export function readMini(): Mini | undefined {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Partial<Mini> | null;
    return typeof kept?.live === 'string' && /^[\w-]+$/.test(kept.live) ? (kept as Mini) : undefined;
  } catch {
    return undefined;
  }
}

export function keepMini(mini: Mini | undefined) {
  try {
    if (mini) sessionStorage.setItem(KEY, JSON.stringify(mini));
    else sessionStorage.removeItem(KEY);
  } catch {
    // Storage is switched off: then nothing goes along.
  }
}
