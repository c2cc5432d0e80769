/** The wire of the live room. Imported by server and browser; it imports nothing. */

export interface Money {
  amount: number;
  currency: 'CNY';
}

export interface Failure {
  code: string;
  message: string;
  fields?: Record<string, string>;
}

export type Ack<T = object> = (answer: ({ ok: true } & T) | { ok: false; error: Failure }) => void;

export interface RailItem {
  sku: string;
  slug: string;
  name: string;
  variant: string;
  price: Money;
  available: number;
  /** The last day (ISO 8601, Beijing) on which a piece that is ordered now is sent; null when there is none. */
  ships: WireShips | null;
  image: string;
}

export interface WireShips {
  by: string;
  /** Sold before it is there to be sent. */
  presale: boolean;
}

/** A flash offer: its own price, for so many pieces, for so long. */
export interface WireOffer {
  id: string;
  sku: string;
  price: Money;
  /** What the same piece costs without it. */
  regular: Money;
  quantity: number;
  left: number;
  perBuyer: number;
  /** ISO 8601, UTC; before it the countdown runs. */
  opensAt: string;
  closesAt: string;
}

export interface LiveSnapshot {
  id: string;
  title: string;
  state: 'scheduled' | 'live' | 'ended';
  startsAt: string;
  startedAt: string | null;
  endedAt: string | null;
  host: string;
  rail: RailItem[];
  pinned: { sku: string; at: string } | null;
  offers: WireOffer[];
  /** The house's answer above the chat. */
  answer: { id: string; asker: string | null; question: string | null; text: string } | null;
  chatRules: { slowSeconds: number; audience: 'everyone' | 'followers' | 'buyers' };
  viewers: number;
  likes: number;
  /** Counts the changes of title, cover and rail: with another number than the page was drawn with, it is old. */
  edits: number;
}

export interface ChatMessage {
  id: string;
  name: string;
  text: string;
  at: string;
  role: 'viewer' | 'host' | 'crew' | 'admin';
  /** It reads like a question, or its sender marked it as one. */
  question?: true;
}

/** An order as the host sees it. */
export interface HostOrder {
  code: string;
  name: string;
  at: string;
  state: string;
  total: Money;
  lines: { sku: string; qty: number }[];
}

/** Paid and held apart: what is only held may still come back. */
export interface HostSums {
  held: { orders: number; pieces: number; money: Money };
  paid: { orders: number; pieces: number; money: Money };
  lapsed: { orders: number };
}

export interface LiveClientEvents {
  'live:join': (input: { liveId: string }, ack: Ack<{ live: LiveSnapshot; chat: ChatMessage[] }>) => void;
  'live:leave': (input: { liveId: string }, ack: Ack) => void;
  /** `held`: shown to others when somebody of the house has looked at it. */
  'chat:send': (
    input: { liveId: string; text: string; question?: boolean },
    ack: Ack<{ message: ChatMessage; held?: true }>,
  ) => void;
  'live:like': (input: { liveId: string; count: number }, ack: Ack) => void;
  'host:join': (input: { liveId: string }, ack: Ack<{ orders: HostOrder[]; sums: HostSums }>) => void;
  'host:start': (input: { liveId: string }, ack: Ack) => void;
  'host:stop': (input: { liveId: string }, ack: Ack) => void;
  /** `version`: the pin that the tap was made on; with it a newer one of somebody else's stays (`conflict`). */
  'host:pin': (input: { liveId: string; sku: string; lotId?: string; version?: number }, ack: Ack) => void;
  'host:unpin': (input: { liveId: string; version?: number }, ack: Ack) => void;
  'host:offer:open': (
    input: {
      liveId: string;
      sku: string;
      price: Money;
      quantity: number;
      perBuyer: number;
      /** How long it runs, after a countdown of so many seconds. */
      seconds: number;
      countdown?: number;
    },
    ack: Ack<{ offer: WireOffer }>,
  ) => void;
  'host:offer:close': (input: { liveId: string; offerId: string }, ack: Ack) => void;
}

export interface LiveServerEvents {
  'live:started': (news: { liveId: string; startedAt: string }) => void;
  'live:ended': (news: { liveId: string; endedAt: string }) => void;
  /** Title, cover or rail are others now. */
  'live:edited': (news: { liveId: string; edits: number }) => void;
  'live:pinned': (news: { liveId: string; sku: string; at: string }) => void;
  'live:unpinned': (news: { liveId: string }) => void;
  /** Somebody was put out; their line is closed after this. */
  'live:closed': (news: { liveId: string; reason: 'put_out' }) => void;
  /** At most four times a second, with what has changed. */
  'live:pulse': (pulse: {
    liveId: string;
    viewers: number;
    likes: number;
    stock: { sku: string; available: number }[];
  }) => void;
  /** On the room's tick: what is ordered from now on is sent by another day. */
  'live:ships': (news: { liveId: string; ships: ({ sku: string } & WireShips)[] }) => void;
  'offer:opened': (news: { liveId: string; offer: WireOffer }) => void;
  'offer:closed': (news: { liveId: string; offerId: string; reason: string }) => void;
  /** Pieces left of running offers, on the room's tick. */
  'offer:pulse': (news: { liveId: string; offers: { id: string; left: number }[] }) => void;
  'chat:posted': (news: { liveId: string; messages: ChatMessage[] }) => void;
  'order:toast': (news: { liveId: string; orders: { name: string; sku: string; qty: number }[] }) => void;
  /** To the host's console only. */
  'host:orders': (news: { liveId: string; orders: HostOrder[]; sums: HostSums }) => void;
}
