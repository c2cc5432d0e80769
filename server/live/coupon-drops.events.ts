/** The wire of coupons that are dropped in a live. Imported by server and browser; it imports nothing. */

interface DropMoney {
  amount: number;
  currency: 'CNY';
}

interface DropFailure {
  code: string;
  message: string;
  fields?: Record<string, string>;
}

type DropAck<T = object> = (answer: ({ ok: true } & T) | { ok: false; error: DropFailure }) => void;

type Languages = Record<'zh-CN' | 'en', string>;

export interface WireDrop {
  id: string;
  /** What the coupon gives, in words. */
  gives: Languages;
  /** The sum to be shown large: fen off, or per cent. */
  off: { kind: 'fixed'; price: DropMoney } | { kind: 'percent'; percent: number };
  quantity: number;
  left: number;
  /** ISO 8601, UTC; before it the countdown runs. */
  opensAt: string;
  closesAt: string;
  /** Until when the coupon can be used. */
  until: string;
}

/** A coupon that somebody holds, with what it takes to reckon with it. Sums in fen. */
export interface WirePocket {
  code: string;
  gives: Languages;
  kind: 'fixed' | 'percent';
  amountFen: number;
  percent: number;
  capFen: number | null;
  minSpendFen: number;
  /** On which of this live's products it is worth something. */
  skus: string[];
  until: string;
}

export interface WireDropChoice {
  code: string;
  gives: Languages;
  /** Pieces that can still be dropped. */
  left: number;
  until: string;
}

export interface DropClientEvents {
  'coupon:look': (
    input: { liveId: string },
    ack: DropAck<{ drops: WireDrop[]; taken: string[]; pocket: WirePocket[] }>,
  ) => void;
  'coupon:take': (input: { liveId: string; dropId: string }, ack: DropAck<{ pocket: WirePocket[] }>) => void;
  'host:coupon:choices': (input: { liveId: string }, ack: DropAck<{ choices: WireDropChoice[] }>) => void;
  'host:coupon:drop': (
    input: { liveId: string; coupon: string; quantity: number; seconds: number; countdown?: number },
    ack: DropAck<{ drop: WireDrop }>,
  ) => void;
  'host:coupon:close': (input: { liveId: string; dropId: string }, ack: DropAck) => void;
}

export interface DropServerEvents {
  'coupon:dropped': (news: { liveId: string; drop: WireDrop }) => void;
  /** What is left of drops, on the room's tick. */
  'coupon:left': (news: { liveId: string; drops: { id: string; left: number }[] }) => void;
  'coupon:closed': (news: { liveId: string; dropId: string; reason: string }) => void;
}
