import { Router, type Request, type Response } from 'express';
import { mustHaveRole } from '../accounts/index.ts';
import { toAppError } from '../platform/errors.ts';
import { limit, parse, type Pages } from '../platform/http/index.ts';
import type { Translator } from '../platform/views/index.ts';
import type { ChatReports } from './chat-reports.service.ts';
import { presentReportRow, wordLines } from './console.view.ts';
import { shopWordsForm } from './moderation.schema.ts';
import type { Words } from './words.service.ts';

interface Deps {
  words: Words;
  chatReports: ChatReports;
  pages: Pages;
  translator: Translator;
}

/** For admins: the shop's word list, and what was reported anywhere. */
export function chatAdminRoutes(deps: Deps): Router {
  const router = Router();

  async function show(req: Request, res: Response, more: object = {}) {
    mustHaveRole(req.person, 'admin');
    const t = deps.translator.for(req.lang);
    const [list, reports] = await Promise.all([deps.words.ofShop(), deps.chatReports.everywhere()]);
    await deps.pages.send(req, res, 'live/chat-admin', {
      title: t('console.admin.title'),
      noIndex: true,
      words: wordLines(list.words),
      edits: list.edits,
      reports: reports.map((report) => presentReportRow(report, t)),
      ...more,
    });
  }

  router.get('/admin/chat', (req, res) => show(req, res));
  router.post('/admin/chat', limit({ windowMs: 60_000, max: 20 }), async (req, res) => {
    const person = mustHaveRole(req.person, 'admin');
    try {
      const { words, edits } = parse(shopWordsForm, req.body);
      await deps.words.setOfShop(words, edits, person);
    } catch (thrown) {
      const error = toAppError(thrown);
      if (error.status >= 500) throw thrown;
      res.status(error.status);
      const typed = (req.body as { words?: unknown } | undefined)?.words;
      const text = deps.translator.for(req.lang)(`errors.${error.code}`);
      return show(req, res, { error: text, ...(typeof typed === 'string' ? { words: typed } : {}) });
    }
    res.redirect(303, '/admin/chat');
  });
  return router;
}
