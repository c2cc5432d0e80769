/** What somebody has chosen for every room, remembered on this device. */
export interface Choices {
  danmaku: boolean;
  captions: boolean;
  /** Sound and pictures of products instead of the video. */
  saver: boolean;
}

const KEY = 'room-choices';
const FIRST: Choices = { danmaku: true, captions: true, saver: false };

export function readChoices(): Choices {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof Choices, unknown>>;
    return {
      danmaku: typeof kept.danmaku === 'boolean' ? kept.danmaku : FIRST.danmaku,
      captions: typeof kept.captions === 'boolean' ? kept.captions : FIRST.captions,
      saver: typeof kept.saver === 'boolean' ? kept.saver : FIRST.saver,
    };
  } catch {
    return { ...FIRST };
  }
}

export function keepChoices(choices: Choices) {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // Not remembered then; it holds as long as the page does.
  }
}
