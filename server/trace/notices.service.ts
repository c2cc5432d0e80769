import type { Accounts } from '../accounts/index.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Order } from '../orders/index.ts';
import { DEFAULT_LANG, type Lang } from '../platform/lang.ts';
import { isMailAddress, type MailContent, type MailSubject, type Outbox } from '../platform/mail/index.ts';
import type { Renderer, Translator } from '../platform/views/index.ts';
import type { RecallDoc } from './recalls.model.ts';
import type { RecallStore } from './recalls.store.ts';

export type RecallNotices = ReturnType<typeof createRecallNotices>;

/** The mails of a recall: one when it begins, one when it was a false alarm, never two of the same. */
export function createRecallNotices(deps: {
  store: RecallStore;
  accounts: Accounts;
  catalog: Catalog;
  outbox: Outbox;
  renderer: Renderer;
  translator: Translator;
  origin: () => string;
}) {
  const { store, accounts, catalog, outbox } = deps;

  return {
    /** Queues a mail to each buyer. @returns the orders whose buyer has an address */
    async queue(recall: RecallDoc, orders: readonly Order[]): Promise<Set<string>> {
      const logins = await accounts.loginsOf(orders.filter(({ email }) => !email).map(({ buyer }) => buyer));
      const kind = recall.state === 'running' ? 'recall' : 'recall_over';
      const mails = orders.flatMap((order) => {
        const to = order.email ?? logins.get(order.buyer);
        if (to === undefined || !isMailAddress(to)) return [];
        const about = { kind, recall: recall._id, order: order._id };
        return [{ _id: `${kind}:${recall._id}:${order._id}`, to, lang: order.lang ?? DEFAULT_LANG, about }];
      });
      await outbox.queue(mails);
      return new Set(mails.map(({ about }) => about.order));
    },

    /** @returns undefined for another's mail, and when the news has been overtaken */
    async compose({ kind, recall: id, order }: MailSubject, lang: Lang): Promise<MailContent | undefined> {
      if ((kind !== 'recall' && kind !== 'recall_over') || id === undefined) return undefined;
      const recall = await store.byId(id);
      if (!recall || (kind === 'recall' && recall.state === 'false_alarm')) return undefined;
      const t = deps.translator.for(lang);
      const product =
        (await catalog.sellables([recall.sku])).get(recall.sku)?.product.name[lang] ?? recall.sku;
      const values = { product, lot: recall.code };
      const begun = kind === 'recall';
      const view = {
        subject: t(begun ? 'recalls.mail.subject' : 'recalls.mail.overSubject', values),
        title: t(begun ? 'recalls.mail.title' : 'recalls.mail.overTitle'),
        lead: t(begun ? 'recalls.mail.lead' : 'recalls.mail.overLead', values),
        rows: [
          { label: t('recalls.mail.order'), value: order ?? '' },
          { label: t('recalls.mail.lot'), value: recall.code },
          { label: t('recalls.mail.why'), value: begun ? recall.why : (recall.endWhy ?? '') },
          ...(begun && recall.advice !== ''
            ? [{ label: t('recalls.mail.advice'), value: recall.advice }]
            : []),
        ],
        button: { label: t('recalls.mail.button'), href: `${deps.origin()}/orders/${order ?? ''}` },
        foot: t('recalls.mail.foot'),
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
