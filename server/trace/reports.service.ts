import type { Clock } from '../platform/clock.ts';
import type { ReportDoc } from './reports.model.ts';
import type { ReportForm } from './reports.schema.ts';
import type { ReportMails } from './report-mails.service.ts';
import type { ReportStore } from './reports.store.ts';

export type Report = ReportDoc;
export type Reports = ReturnType<typeof createReports>;

const LISTED = 100;

/** What people have found wrong, in a queue for the cooperative that it is about. */
export function createReports(deps: { store: ReportStore; mails: ReportMails; clock: Clock }) {
  const { store, mails, clock } = deps;
  return {
    async file(form: ReportForm, about: { code: string; lot: string; cooperative: string }): Promise<void> {
      const { reportId, kind, text, contact } = form;
      const open = { state: 'open', doneAt: null, doneBy: null } as const;
      const report = { _id: reportId, kind, text, contact, ...about, at: clock.now(), ...open, told: false };
      // Sent again, it is the first one that counts.
      if (await store.insert(report)) await mails.queue(report);
    },
    ofCooperative: (cooperative: string) => store.ofCooperative(cooperative, LISTED),
    openAt: (cooperative: string) => store.countOpen(cooperative),
    finish: (id: string, cooperative: string, by: string) =>
      store.finish(id, cooperative, { doneAt: clock.now(), doneBy: by }),
  };
}
