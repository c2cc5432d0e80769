import type { Clock } from '../platform/clock.ts';
import type { Lang } from '../platform/lang.ts';
import type { MailContent, MailSubject } from '../platform/mail/index.ts';
import { formatDate, type Renderer, type Translator } from '../platform/views/index.ts';
import type { Awards } from './awards.service.ts';
import type { Draws } from './draws.service.ts';

export type DrawMails = ReturnType<typeof createDrawMails>;

/** What a winner is written. */
export function createDrawMails(deps: {
  draws: Draws;
  awards: Awards;
  renderer: Renderer;
  translator: Translator;
  clock: Clock;
  origin: () => string;
}) {
  const { draws, awards, clock } = deps;
  return {
    /** @returns undefined for another's mail, and when the prize has been claimed or has gone back */
    async compose({ kind, draw: id, rank }: MailSubject, lang: Lang): Promise<MailContent | undefined> {
      if (kind !== 'draw_won' || id === undefined) return undefined;
      const [draw, award] = await Promise.all([draws.byId(id), awards.byRank(id, Number(rank))]);
      if (!award || award.state !== 'waiting' || award.until <= clock.now()) return undefined;
      const prize = draw.prizes[award.prize]!;
      const t = deps.translator.for(lang);
      const until = formatDate(award.until, 'dateTime', lang);
      const values = { name: prize.name[lang], until };
      const view = {
        subject: t('draws.mail.subject', values),
        title: t('draws.mail.title'),
        lead: t('draws.mail.lead', values),
        rows: [
          { label: t('draws.mail.prize'), value: `${prize.name[lang]} ${prize.variant[lang]} ×${prize.qty}` },
          { label: t('draws.mail.until'), value: t('mails.beijingTime', { time: until }) },
        ],
        button: { label: t('draws.mail.button'), href: `${deps.origin()}/draws/${id}/prizes/${award.rank}` },
        foot: t('draws.mail.foot'),
        shop: deps.origin(),
      };
      const data = { ...view, lang, path: '', origin: deps.origin() };
      const [html, text] = await Promise.all([
        deps.renderer.page('emails/notice', { ...data, layout: 'email' }),
        deps.renderer.page('emails/notice-text', { ...data, layout: false }),
      ]);
      return { subject: view.subject, html, text };
    },
  };
}
