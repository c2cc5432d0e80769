import type { Lang } from '../platform/lang.ts';
import { formatDate, type Translate } from '../platform/views/index.ts';
import type { Recording } from './recordings.model.ts';

const GB = 1_000_000_000;
const gigabytes = (bytes: number) => (bytes / GB).toFixed(bytes < 10 * GB ? 2 : 0);

/** What is kept until when, for hosts and admins. */
export function presentRecordings(
  recordings: readonly Recording[],
  titles: ReadonlyMap<string, string>,
  { lang, t }: { lang: Lang; t: Translate },
) {
  return recordings.map((one) => ({
    id: one._id,
    live: { id: one.live, title: titles.get(one.live) ?? one.live },
    when: formatDate(one.startedAt, 'dateTime', lang),
    length: t('video.recordings.minutes', { n: Math.round(one.durationMs / 60_000) }),
    size: `${gigabytes(one.bytes)} GB`,
    until: formatDate(one.keepUntil, 'date', lang),
    state: stateText(one, t),
    removed: one.removedAt !== null,
    held: one.hold !== null,
  }));
}

function stateText({ removedAt, hold, endedAt }: Recording, t: Translate): string {
  if (removedAt) return t('video.recordings.removed');
  if (hold) return t('video.recordings.held', { why: hold.why });
  return t(endedAt ? 'video.recordings.kept' : 'video.recordings.growing');
}

export function presentBudget({ used, budget }: { used: number; budget: number }, t: Translate) {
  return {
    text: t('video.recordings.used', { used: gigabytes(used), budget: gigabytes(budget) }),
    near: used > budget * 0.8 ? t('video.recordings.near') : undefined,
  };
}
