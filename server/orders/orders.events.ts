/** The wire of ordering. Imported by server and browser; it imports nothing. */

export interface WireMoney {
  amount: number;
  currency: 'CNY';
}

export interface WireError {
  code: string;
  message: string;
  fields?: Record<string, string>;
}

/** What every inward event answers. */
export type Ack<T = object> = (answer: ({ ok: true } & T) | { ok: false; error: WireError }) => void;

export interface WireReceipt {
  code: string;
  state: string;
  total: WireMoney;
  /** ISO 8601, UTC. */
  expiresAt: string;
  payUrl: string;
}

export interface OrderClientEvents {
  'order:place': (
    input: { clickId: string; liveId: string; sku: string; qty: number; offerId?: string; coupon?: string },
    ack: Ack<{ order: WireReceipt }>,
  ) => void;
  /** Into the line for what has run out; answers how many are ahead. */
  'wait:join': (input: { sku: string; qty?: number; liveId?: string }, ack: Ack<{ ahead: number }>) => void;
  'wait:leave': (input: { sku: string }, ack: Ack) => void;
  /** A cooperative's desk asks to be told when something of it changes. */
  'desk:join': (input: { cooperative: string }, ack: Ack) => void;
}

export interface OrderServerEvents {
  /** To its buyer only. */
  'order:updated': (order: { code: string; state: string }) => void;
  /** To the next in line: pieces came back and are held for a short time. */
  'wait:offered': (offer: { code: string; sku: string; liveId: string | null; payUrl: string }) => void;
  /** To a cooperative's desks: look again. */
  'desk:changed': (desk: { cooperative: string }) => void;
}
