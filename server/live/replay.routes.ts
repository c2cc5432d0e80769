import { Router, type Request } from 'express';
import type { Catalog } from '../catalog/index.ts';
import { AppError } from '../platform/errors.ts';
import { limit, parse, parseParam, type Pages } from '../platform/http/index.ts';
import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import type { Translator } from '../platform/views/index.ts';
import { liveId } from './live.schema.ts';
import type { Live, Lives } from './live.service.ts';
import { chapterSeq, replayChatQuery, replayQuery } from './replay.schema.ts';
import type { ReplayChapter, Replays } from './replay.service.ts';

export interface ReplayRouteDeps {
  lives: Lives;
  replays: Replays;
  catalog: Catalog;
  media: Media;
  pages: Pages;
  translator: Translator;
}

/** What a room shows when its live is over, and a single product's showing. */
export function replayRoutes(deps: ReplayRouteDeps): Router {
  const { lives, replays, catalog, media } = deps;
  const router = Router();
  const perAddress = limit({ windowMs: 60_000, max: 600 });

  /** A replay is of what is over: while it runs, the room shows the live itself. */
  async function ended(req: Request): Promise<Live> {
    const live = await lives.byId(parseParam(liveId, req.params['id']));
    if (live.state !== 'ended') throw new AppError('not_found');
    return live;
  }

  async function present(found: readonly ReplayChapter[], lang: Lang) {
    const known = await catalog.sellables([...new Set(found.map(({ chapter }) => chapter.sku))]);
    return found.flatMap(({ chapter: { seq, sku }, fromMs, toMs }) => {
      const product = known.get(sku)?.product;
      if (!product) return [];
      const image = media.picture(product.image).src;
      return [{ seq, sku, slug: product.slug, name: product.name[lang], image, fromMs, toMs }];
    });
  }

  router.get('/api/lives/:id/replay', perAddress, async (req, res) => {
    const { at } = parse(replayQuery, req.query);
    const live = await ended(req);
    const found = await replays.of(live, at === undefined ? undefined : new Date(at));
    // Nothing was kept of it: an answer like any other, which the room shows its closing face for.
    if (!found) return void res.json({ durationMs: 0, startMs: 0, chapters: [] });
    const { durationMs, startMs } = found;
    res.json({ durationMs, startMs, chapters: await present(found.chapters, req.lang) });
  });

  router.get('/api/lives/:id/replay/chat', perAddress, async (req, res) => {
    const stretch = parse(replayChatQuery, req.query);
    const said = await replays.said(await ended(req), stretch);
    res.json({
      messages: said.map(({ line: { _id, name, text, role }, offsetMs }) => ({
        id: _id,
        name,
        text,
        role,
        offsetMs,
      })),
    });
  });

  router.get('/live/:id/clip/:seq', perAddress, async (req, res) => {
    const live = await ended(req);
    const found = await replays.chapter(live, parseParam(chapterSeq, req.params['seq']));
    const [clip] = found ? await present([found], req.lang) : [];
    if (!clip) throw new AppError('not_found');
    const t = deps.translator.for(req.lang);
    await deps.pages.send(req, res, 'live/clip', {
      title: t('video.clip.title', { name: clip.name }),
      noIndex: true,
      live: { id: live._id, title: live.title[req.lang] },
      clip,
      list: `/video/replay/${live._id}.m3u8?from=${clip.fromMs}&to=${clip.toMs}`,
    });
  });

  return router;
}
