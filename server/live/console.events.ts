/** The wire of the host's console and of what it shows in the room. Imports nothing. */

interface Money {
  amount: number;
  currency: 'CNY';
}

interface Failure {
  code: string;
  message: string;
  fields?: Record<string, string>;
}

type Ack<T = object> = (answer: ({ ok: true } & T) | { ok: false; error: Failure }) => void;

export type WireRight = 'pin' | 'answer' | 'moderate' | 'stock' | 'relay';

export interface WireMessage {
  id: string;
  name: string;
  text: string;
  at: string;
  role: 'viewer' | 'host' | 'crew' | 'admin';
  question?: true;
}

export interface WireAnswer {
  id: string;
  asker: string | null;
  question: string | null;
  text: string;
}

/** A message that is not shown, and why. */
export interface HiddenMessage extends WireMessage {
  why: string;
}

export interface WireReport {
  id: string;
  messageId: string;
  name: string;
  text: string;
  reason: 'abuse' | 'spam' | 'fraud' | 'privacy' | 'other';
  at: string;
}

export interface WireSanction {
  id: string;
  kind: 'mute' | 'ban';
  name: string;
  /** null: until it is lifted. */
  until: string | null;
  lifted: boolean;
  at: string;
  why: string;
}

export interface WireLot {
  code: string;
  available: number;
  bestBefore: string;
}

/** What everybody behind the table sees alike. */
export interface DeskState {
  liveId: string;
  /** Number of the last pin: what a tap is made on. */
  version: number;
  pinned: { sku: string; lot: string | null; at: string; by: string } | null;
  acting: { member: string; name: string };
  handover: { id: string; to: string | null; toName: string | null; byName: string } | null;
  crew: { id: string; name: string; rights: WireRight[] }[];
  rules: {
    slowSeconds: number;
    audience: 'everyone' | 'followers' | 'buyers';
    words: { text: string; verdict: 'hold' | 'refuse' }[];
  };
  answer: WireAnswer | null;
}

/** Who somebody is at this table. `owner`, `admin`, or a member's id. */
export interface DeskSelf {
  member: string;
  rights: WireRight[];
  /** Runs the live: everything but what is only the owner's. */
  runs: boolean;
}

export interface WireAct {
  id: string;
  who: string;
  act: string;
  about: string;
  at: string;
}

export interface PreparedWire {
  id: string;
  sku: string;
  price: Money;
  quantity: number;
  perBuyer: number;
  seconds: number;
}

export interface DeskArrival {
  desk: DeskState;
  you: DeskSelf;
  lots: Record<string, WireLot[]>;
  questions: WireMessage[];
  held: HiddenMessage[];
  reports: WireReport[];
  sanctions: WireSanction[];
}

export interface ConsoleClientEvents {
  'console:join': (input: { liveId: string }, ack: Ack<DeskArrival>) => void;
  'host:answer': (input: { liveId: string; messageId?: string; text: string }, ack: Ack) => void;
  'host:answer:remove': (input: { liveId: string; answerId: string }, ack: Ack) => void;
  'host:question:done': (input: { liveId: string; messageId: string }, ack: Ack) => void;
  'host:callout': (input: { liveId: string; sku: string }, ack: Ack<{ left: number }>) => void;
  'host:relay:offer': (input: { liveId: string; to?: string }, ack: Ack<{ handoverId: string }>) => void;
  'host:relay:cancel': (input: { liveId: string; handoverId: string }, ack: Ack) => void;
  'host:relay:accept': (input: { liveId: string; handoverId: string }, ack: Ack) => void;
  'mod:delete': (input: { liveId: string; messageId: string; why?: string }, ack: Ack) => void;
  'mod:restore': (input: { liveId: string; messageId: string }, ack: Ack) => void;
  'mod:sanction': (
    input: { liveId: string; messageId: string; kind: 'mute' | 'ban'; minutes?: number; why?: string },
    ack: Ack<{ sanctionId: string }>,
  ) => void;
  'mod:lift': (input: { liveId: string; sanctionId: string }, ack: Ack) => void;
  'mod:rules': (input: { liveId: string } & DeskState['rules'], ack: Ack) => void;
  'mod:decide': (
    input: { liveId: string; reportId: string; state: 'upheld' | 'dismissed' },
    ack: Ack,
  ) => void;
  /** From anybody who watches. */
  'chat:report': (
    input: { liveId: string; messageId: string; reason: WireReport['reason'] },
    ack: Ack,
  ) => void;
}

export interface ConsoleServerEvents {
  /** To the room. */
  'answer:pinned': (news: { liveId: string; answer: WireAnswer }) => void;
  'answer:unpinned': (news: { liveId: string }) => void;
  'chat:removed': (news: { liveId: string; ids: string[] }) => void;
  'chat:rules': (news: {
    liveId: string;
    slowSeconds: number;
    audience: DeskState['rules']['audience'];
  }) => void;
  'callout:made': (news: { liveId: string; sku: string; left: number }) => void;
  /** To the consoles. */
  'console:changed': (news: DeskState) => void;
  'console:acted': (news: { liveId: string; act: WireAct }) => void;
  'console:lots': (news: { liveId: string; lots: Record<string, WireLot[]> }) => void;
  'console:question': (news: { liveId: string; messageId: string; by: string }) => void;
  'mod:held': (news: { liveId: string; message: HiddenMessage }) => void;
  'mod:reported': (news: { liveId: string; report: WireReport }) => void;
  'mod:changed': (news: {
    liveId: string;
    held: HiddenMessage[];
    reports: WireReport[];
    sanctions: WireSanction[];
  }) => void;
  /** To one person: they help here no more. */
  'console:closed': (news: { liveId: string }) => void;
  /** To the host of before, on every device: the live has another host now. */
  'relay:moved': (news: { liveId: string; name: string }) => void;
}
