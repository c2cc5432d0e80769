import type { FigureServerEvents } from '../../server/figures/figures.events.ts';
import type { Lang } from '../../server/platform/lang.ts';
import { formatCount } from './page-data.ts';

type News = Parameters<FigureServerEvents['host:figures']>[0];

/** The figures of the live in the console; they come every few seconds while it goes on. */
export function figuresStrip(root: HTMLElement, lang: Lang) {
  return {
    show(news: News) {
      for (const cell of root.querySelectorAll<HTMLElement>('[data-figure]')) {
        const key = cell.dataset['figure'] as keyof Omit<News, 'liveId'>;
        cell.textContent = formatCount(news[key], lang);
      }
    },
  };
}
