/** The wire of the figures. Imported by server and browser; it imports nothing. */

export interface Standing {
  /** The most people at one time. */
  peak: number;
  inAll: number;
  minutes: number;
  looks: number;
  buys: number;
}

type Ack = (answer: { ok: true } | { ok: false; error: { code: string; message: string } }) => void;

export interface FigureClientEvents {
  /** Once, on coming into a room. */
  'live:came': (
    input: { liveId: string; from: 'card' | 'mail' | 'calendar' | 'shop' | 'elsewhere' | 'direct' },
    ack?: Ack,
  ) => void;
  'live:tap': (input: { liveId: string; sku: string; what: 'look' | 'buy' }, ack?: Ack) => void;
}

export interface FigureServerEvents {
  /** To the console of whoever is behind the table, every few seconds. */
  'host:figures': (news: { liveId: string } & Standing) => void;
}
