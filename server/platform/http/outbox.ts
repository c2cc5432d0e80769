import { Router, type Request } from 'express';
import { AppError } from '../errors.ts';
import type { MailContent, MailDoc, Outbox } from '../mail/index.ts';
import type { Translator } from '../views/index.ts';
import { isOwnMachine } from './health.ts';
import type { Pages } from './pages.ts';

const SHOWN = 100;

type Written = MailDoc & { content: MailContent };

/**
 * The mail's own document may have its own styles, which the shop's pages may not; it runs nothing, loads nothing and
 * is of no origin, wherever it is opened.
 */
const MAIL_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "frame-ancestors 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  'sandbox allow-popups allow-popups-to-escape-sandbox',
].join('; ');

/**
 * The development outbox: what would have been sent, for whoever sits at this machine or `mayLook`. Mounted only where
 * mails are neither sent nor those of a real shop (`keepsMails`).
 */
export function outboxRoutes(deps: {
  outbox: Outbox;
  pages: Pages;
  translator: Translator;
  mayLook: (req: Request) => boolean;
}): Router {
  const { outbox, pages, translator } = deps;
  const router = Router();

  router.use('/dev/outbox', (req, res, next) => {
    if (!isOwnMachine(req) && !deps.mayLook(req)) throw new AppError('not_found');
    res.set('Cache-Control', 'no-store');
    next();
  });

  async function written(req: Request): Promise<Written> {
    const mail = await outbox.byId(String(req.params['id']));
    if (!mail?.content) throw new AppError('not_found');
    return { ...mail, content: mail.content };
  }

  router.get('/dev/outbox', async (req, res) => {
    const mails = await outbox.latest(SHOWN);
    const t = translator.for(req.lang);
    await pages.send(req, res, 'dev/outbox', {
      title: t('mails.outbox.title'),
      noIndex: true,
      mails: mails.map((mail) => presentRow(mail, t(`mails.state.${mail.state}`))),
    });
  });

  router.get('/dev/outbox/:id', async (req, res) => {
    const mail = await written(req);
    await pages.send(req, res, 'dev/mail', {
      title: mail.content.subject,
      noIndex: true,
      mail: { ...presentRow(mail, ''), text: mail.content.text },
    });
  });

  router.get('/dev/outbox/:id/html', async (req, res) => {
    const { content } = await written(req);
    res.set('Content-Security-Policy', MAIL_POLICY).type('html').send(content.html);
  });

  router.get('/dev/outbox/:id/text', async (req, res) => {
    const { content } = await written(req);
    res.type('text/plain').send(content.text);
  });

  return router;
}

function presentRow(mail: MailDoc, stateLabel: string) {
  const href = `/dev/outbox/${encodeURIComponent(mail._id)}`;
  return {
    id: mail._id,
    to: mail.to,
    lang: mail.lang,
    stateLabel,
    reason: mail.state === 'dropped' ? null : mail.reason,
    subject: mail.content?.subject,
    at: mail.endedAt ?? mail.createdAt,
    href,
    htmlHref: `${href}/html`,
    textHref: `${href}/text`,
  };
}
