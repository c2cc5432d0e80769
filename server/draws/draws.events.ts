/** The wire of the lucky draw. Imported by server and browser; it imports nothing. */

interface WireFailure {
  code: string;
  message: string;
  fields?: Record<string, string>;
}

type Ack<T = object> = (answer: ({ ok: true } & T) | { ok: false; error: WireFailure }) => void;

export interface WirePrize {
  sku: string;
  /** Pieces for each winner. */
  qty: number;
  winners: number;
  name: Record<'zh-CN' | 'en', string>;
  variant: Record<'zh-CN' | 'en', string>;
  image: string;
}

export interface WireWinner {
  rank: number;
  prize: number;
  /** The name under which the winner takes part in this draw only. */
  entrant: string;
  /** An initial and stars. */
  name: string;
}

export interface WireDraw {
  id: string;
  liveId: string;
  entry: { kind: 'comment'; keyword: string } | { kind: 'watched'; minutes: number } | { kind: 'bought' };
  prizes: WirePrize[];
  state: 'open' | 'closing' | 'committed' | 'drawn' | 'cancelled';
  /** ISO 8601, UTC. */
  closesAt: string;
  entrants: number;
  /** SHA-256 of the seed, shown from the opening on. */
  seedHash: string;
  /** Fixes list and seed before the draw; shown as soon as it is closed. */
  commitment: string | null;
  drawAt: string | null;
  winners: WireWinner[];
  /** Where anybody can work it out again. */
  check: string;
}

/** How somebody stands in a draw. */
export interface WireStanding {
  signedIn: boolean;
  /** The name under which they take part; null when they do not. */
  entrant: string | null;
  /** Minutes watched or purchases made, and how many it takes. */
  has: number;
  needs: number;
  /** What they have won, and where to claim it until when. */
  won: {
    rank: number;
    prize: number;
    href: string;
    until: string;
    state: 'waiting' | 'claimed' | 'lapsed';
  }[];
}

export interface DrawClientEvents {
  /** The draw of a live, if there is one to be seen. */
  'draw:look': (
    input: { liveId: string },
    ack: Ack<{ draw: WireDraw | null; mine: WireStanding | null; byPurchase: boolean }>,
  ) => void;
  'draw:enter': (input: { liveId: string; drawId: string }, ack: Ack<{ mine: WireStanding }>) => void;
  'host:draw:open': (
    input: {
      liveId: string;
      entry: WireDraw['entry'];
      prizes: { sku: string; qty: number; winners: number }[];
      seconds: number;
      claimHours?: number;
    },
    ack: Ack<{ draw: WireDraw }>,
  ) => void;
  'host:draw:close': (input: { liveId: string; drawId: string }, ack: Ack<{ draw: WireDraw }>) => void;
  'host:draw:cancel': (input: { liveId: string; drawId: string }, ack: Ack<{ draw: WireDraw }>) => void;
}

export interface DrawServerEvents {
  /** A draw was opened, closed, committed, drawn or cancelled: it is as it says here now. */
  'draw:moved': (news: { liveId: string; draw: WireDraw }) => void;
  /** How many are in, on the room's tick. */
  'draw:pulse': (news: { liveId: string; drawId: string; entrants: number }) => void;
  /** To one person: they have a chance. */
  'draw:joined': (news: { liveId: string; drawId: string; entrant: string }) => void;
  /** To one person: they have won. */
  'draw:won': (news: { liveId: string; drawId: string; rank: number; href: string }) => void;
}
