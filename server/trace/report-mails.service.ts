import type { Accounts } from '../accounts/index.ts';
import type { Cooperatives } from '../cooperatives/index.ts';
import { DEFAULT_LANG, type Lang } from '../platform/lang.ts';
import { isMailAddress, type MailContent, type MailSubject, type Outbox } from '../platform/mail/index.ts';
import type { Renderer, Translator } from '../platform/views/index.ts';
import type { ReportDoc } from './reports.model.ts';
import type { ReportStore } from './reports.store.ts';

export type ReportMails = ReturnType<typeof createReportMails>;

const KIND = 'trace_report';

/** Tells the members of a cooperative that somebody has found something wrong. */
export function createReportMails(deps: {
  store: ReportStore;
  accounts: Accounts;
  cooperatives: Cooperatives;
  outbox: Outbox;
  renderer: Renderer;
  translator: Translator;
  origin: () => string;
}) {
  const { store, accounts, cooperatives, outbox } = deps;

  /** Once for each member, whoever asks for it and however often. */
  async function queue(report: ReportDoc): Promise<void> {
    const logins = await accounts.loginsOf(await cooperatives.membersOf(report.cooperative));
    const mails = [...logins].flatMap(([member, to]) => {
      if (!isMailAddress(to)) return [];
      const about = { kind: KIND, report: report._id };
      return [{ _id: `${KIND}:${report._id}:${member}`, to, lang: DEFAULT_LANG, about }];
    });
    await outbox.queue(mails);
    await store.told(report._id);
  }

  return {
    queue,

    /** Reports that a process died over before it told anybody. Safe to run twice and on two nodes at once. */
    async recover(): Promise<number> {
      const untold = await store.untold();
      for (const report of untold) await queue(report);
      return untold.length;
    },

    /** @returns undefined for another's mail. How to reach whoever has reported stands at the desk only. */
    async compose({ kind, report: id }: MailSubject, lang: Lang): Promise<MailContent | undefined> {
      if (kind !== KIND || id === undefined) return undefined;
      const report = await store.byId(id);
      if (!report) return undefined;
      const t = deps.translator.for(lang);
      const [desk] = await cooperatives.byIds([report.cooperative]);
      const view = {
        subject: t('reports.mail.subject', { lot: report.lot }),
        title: t('reports.mail.title'),
        lead: t('reports.mail.lead'),
        rows: [
          { label: t('trace.report.kindLabel'), value: t(`trace.report.kind.${report.kind}`) },
          { label: t('trace.lot.code'), value: report.lot },
          { label: t('trace.card.code'), value: report.code },
          { label: t('reports.mail.text'), value: report.text },
        ],
        button: {
          label: t('reports.mail.button'),
          href: `${deps.origin()}/coop/trace?coop=${desk?.slug ?? ''}#reports`,
        },
        foot: t('reports.mail.foot'),
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
