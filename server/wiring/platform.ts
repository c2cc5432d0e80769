import { createBus } from '../platform/bus.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { connectDatabase, openEngine } from '../platform/db/index.ts';
import { createPageCache, createPages, createSessions } from '../platform/http/index.ts';
import { createJobRunner } from '../platform/jobs.ts';
import { createLog, type Log } from '../platform/log.ts';
import { createOutbox } from '../platform/mail/index.ts';
import { createMedia, createPapers } from '../platform/media/index.ts';
import { createMetrics } from '../platform/metrics.ts';
import { createPoster } from '../platform/poster/index.ts';
import { ROOT } from '../platform/root.ts';
import { ownSecret } from '../platform/secrets.ts';
import { createAssets, createRenderer, createTranslator } from '../platform/views/index.ts';

export interface Overrides {
  log?: Log;
  clock?: Clock;
  /** Called when the embedded engine is gone for good. */
  onLost?: (error: Error) => void;
}

/** What everything else stands on. */
export type Ground = Omit<Awaited<ReturnType<typeof wirePlatform>>, 'engine' | 'here'>;

/** How long a page may be behind what another process has written, in ms. */
const PAGE_MAX_AGE_MS = 2_000;

const DAY_MS = 24 * 3_600_000;
/** China is eight hours ahead of UTC all year round. */
const CHINA_MS = 8 * 3_600_000;

/** The database, and all that knows no farm word. Opens the embedded engine where no other is configured. */
export async function wirePlatform(config: Config, overrides: Overrides) {
  const log = overrides.log ?? createLog(config.logLevel);
  const clock = overrides.clock ?? systemClock;
  const metrics = createMetrics();
  const engine = await openOwnEngine(config, log, overrides.onLost);
  const db = await connectDatabase(config.mongodbUri ?? engine!.uri, log);
  const secret = config.sessionSecret ?? (await ownSecret(config.dataDir));
  const https = config.publicUrl?.startsWith('https:') ?? false;

  const translator = createTranslator(ROOT);
  const assets = createAssets(ROOT);
  const renderer = createRenderer(ROOT, translator, assets);

  return {
    config,
    log,
    clock,
    metrics,
    bus: createBus(log),
    engine,
    db,
    secret,
    https,
    sessions: createSessions(db, { secret, secure: https }),
    jobs: createJobRunner({ db, clock, log, metrics }),
    outbox: createOutbox({ db, clock }),
    translator,
    assets,
    renderer,
    pages: createPages(renderer, config.publicUrl, { testCashier: !config.stripeSecretKey }),
    pageCache: createPageCache({
      maxAgeMs: PAGE_MAX_AGE_MS,
      maxEntries: 2_000,
      day: () => Math.floor((clock.now().getTime() + CHINA_MS) / DAY_MS),
    }),
    media: createMedia(config.dataDir, assets),
    papers: createPapers(config.dataDir),
    poster: createPoster(),
    /** Where the shop's other processes reach this one; known when it listens. */
    here: { url: config.nodeUrl ?? `http://localhost:${config.port}` },
    /**
     * Where people reach the shop. Without PUBLIC_URL it is known only when the server listens. Never from a request:
     * whoever made up its Host header would choose where the links in other people's mails lead.
     */
    reachedAt: { url: config.publicUrl ?? `http://localhost:${config.port}` },
  };
}

async function openOwnEngine(config: Config, log: Log, onLost: Overrides['onLost']) {
  if (config.mongodbUri) return undefined;
  return openEngine({
    dataDir: config.dataDir,
    mode: config.engineJoin === '1' ? 'join' : 'own',
    log,
    ...(onLost ? { onLost } : {}),
  });
}
