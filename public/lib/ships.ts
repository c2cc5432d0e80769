import type { WireShips } from '../../server/live/live.events.ts';
import type { Lang } from '../../server/platform/lang.ts';
import type { Speak } from './page-data.ts';

/** By when it is sent, as a sentence; nothing where nothing can be ordered. */
export function shipsText(ships: WireShips | null, lang: Lang, say: Speak): string {
  if (!ships) return '';
  const format = { month: 'short', day: 'numeric', timeZone: 'UTC' } as const;
  const day = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, format).format(new Date(ships.by));
  return say(ships.presale ? 'shipsPresale' : 'ships', { day });
}
