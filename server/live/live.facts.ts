import type { PinMark } from './chapters.rules.ts';
import type { LiveDoc } from './live.model.ts';
import type { ChatRole, LiveState } from './live.rules.ts';

export interface ChatLine {
  id: string;
  live: string;
  /** Who said it; for the house only. */
  person: string;
  name: string;
  text: string;
  at: Date;
  role: ChatRole;
  question?: boolean | undefined;
}

declare module '../platform/bus.ts' {
  interface Facts {
    /** A live was scheduled, started or ended. */
    'live.moved': { live: string; state: LiveState; at: Date };
    /** Its title, words, cover, rail, time or rules are others now. */
    'live.edited': { live: LiveDoc };
    /** What lies on the host's table has changed; null: nothing does. */
    /** `seq` counts what was laid on the table and taken off it. */
    'live.pinned': {
      live: string;
      pinned: { sku: string; lot: string | null; at: Date } | null;
      seq: number;
    };
    /** A mark was set on the time line. */
    'live.marked': { live: LiveDoc; mark: PinMark };
    'live.liked': { likes: ReadonlyMap<string, number> };
    'live.chatted': { messages: ChatLine[] };
  }
}
