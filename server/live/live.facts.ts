import type { ChatRole, LiveState } from './live.rules.ts';

export interface ChatLine {
  id: string;
  live: string;
  name: string;
  text: string;
  at: Date;
  role: ChatRole;
}

declare module '../platform/bus.ts' {
  interface Facts {
    /** A live was scheduled, started or ended. */
    'live.moved': { live: string; state: LiveState; at: Date };
    /** What lies on the host's table has changed; null: nothing does. */
    'live.pinned': { live: string; sku: string | null };
    'live.liked': { likes: ReadonlyMap<string, number> };
    'live.chatted': { messages: ChatLine[] };
  }
}
