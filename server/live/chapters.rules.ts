/** From this instant on, this lay on the table; null: nothing did. Written once, never changed. */
export interface PinMark {
  /** Counts up from 1 in its live, without gaps. */
  seq: number;
  sku: string | null;
  /** Code of the lot that was shown. */
  lot: string | null;
  at: Date;
  /** Whose turn it was, and whose tap it was: an assistant pins for the host. */
  host: string;
  by: string;
}

/** One product's time on the table. `to` is null while it lies there. */
export interface Chapter {
  seq: number;
  sku: string;
  lot: string | null;
  from: Date;
  to: Date | null;
  host: string;
  by: string;
}

export interface Span {
  startedAt: Date | null;
  endedAt: Date | null;
}

/**
 * The chapters of a broadcast: what lay on the table before it began counts from its beginning. A mark that is found
 * twice, because moving it away was cut short, counts once.
 */
export function chaptersOf(marks: readonly PinMark[], { startedAt, endedAt }: Span): Chapter[] {
  if (!startedAt) return [];
  const inOrder = [...new Map(marks.map((mark) => [mark.seq, mark])).values()].sort((a, b) => a.seq - b.seq);
  return inOrder.flatMap((mark, index) => {
    const to = inOrder[index + 1]?.at ?? endedAt;
    if (mark.sku === null || (to !== null && to <= startedAt)) return [];
    const from = mark.at < startedAt ? startedAt : mark.at;
    if (to !== null && to <= from) return [];
    const { seq, sku, lot, host, by } = mark;
    return [{ seq, sku, lot, from, to, host, by }];
  });
}

/** What was on the card at an instant; a chapter's last instant belongs to the next one. */
export function chapterAt(chapters: readonly Chapter[], instant: Date): Chapter | undefined {
  return chapters.find(({ from, to }) => from <= instant && (to === null || instant < to));
}
