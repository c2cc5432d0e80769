import type { DrawState } from './draws.rules.ts';

declare module '../platform/bus.ts' {
  interface Facts {
    /** A draw was opened, closed, committed, drawn or cancelled. */
    'draw.moved': { draw: string; live: string; state: DrawState };
    /** These people have a chance in it. */
    'draw.entered': { draw: string; live: string; entries: { person: string; entrant: string }[] };
    'draw.won': { draw: string; live: string; person: string; rank: number };
  }
}
