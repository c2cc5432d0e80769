import type { WireDrop } from '../../server/live/coupon-drops.events.ts';
import type { Line } from './connection.ts';

/** The coupons that fall in a live, as they are heard of. @param changed another one, one less, or fewer of one */
export function followDrops({ socket, on }: Line, liveId: string, changed: () => void) {
  const drops = new Map<string, WireDrop>();

  on('coupon:dropped', (news) => {
    if (news.liveId !== liveId) return;
    drops.set(news.drop.id, news.drop);
    changed();
  });
  on('coupon:left', (news) => {
    if (news.liveId !== liveId) return;
    for (const { id, left } of news.drops) {
      const drop = drops.get(id);
      if (drop) drops.set(id, { ...drop, left });
    }
    changed();
  });
  on('coupon:closed', (news) => {
    if (news.liveId !== liveId) return;
    drops.delete(news.dropId);
    changed();
  });

  return {
    drops,
    /** The line is there (again): what was missed is asked for. @returns undefined when nobody answered */
    async look() {
      const answer = await socket
        .timeout(5_000)
        .emitWithAck('coupon:look', { liveId })
        .catch(() => undefined);
      if (!answer?.ok) return undefined;
      drops.clear();
      for (const drop of answer.drops) drops.set(drop.id, drop);
      return answer;
    },
  };
}
