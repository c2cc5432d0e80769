import type { ActKind } from './acts.rules.ts';
import type { ChatLine } from './live.facts.ts';
import type { LiveDoc } from './live.model.ts';
import type { ReportDoc } from './moderation.model.ts';

declare module '../platform/bus.ts' {
  interface Facts {
    /** Somebody of the house did something in a live. */
    'house.acted': {
      id: string;
      live: string;
      at: Date;
      by: string;
      byName: string;
      act: ActKind;
      about: string;
    };
    /** Crew, turn, handover, chat rules or the pinned answer are others now. */
    'desk.changed': { live: LiveDoc };
    /** Is an assistant no more. */
    'crew.left': { live: string; person: string };
    'relay.moved': { live: string; from: string; to: string; name: string };
    /** Somebody was banned from all lives of this host. */
    'person.banned': { host: string };
    'chat.hidden': { live: string; ids: string[] };
    'chat.held': { message: ChatLine };
    'chat.reported': { report: ReportDoc };
    'question.done': { live: string; message: string; by: string };
    'stock.calledOut': { live: string; sku: string; left: number };
  }
}
