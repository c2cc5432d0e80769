import { once } from 'node:events';
import { Router, type Response } from 'express';
import { hasRole, mustHaveRole } from '../accounts/index.ts';
import type { Offers } from '../orders/index.ts';
import { limit, parseParam } from '../platform/http/index.ts';
import type { Acts } from './acts.service.ts';
import type { Chapters } from './chapters.service.ts';
import type { CouponDrops } from './coupon-drops.service.ts';
import type { EvidenceKeeper } from './evidence.service.ts';
import { mustRun } from './live.policy.ts';
import { liveId } from './live.schema.ts';
import type { Lives } from './live.service.ts';

export interface RecordRouteDeps {
  lives: Lives;
  offers: Offers;
  couponDrops: CouponDrops;
  evidence: EvidenceKeeper;
  chapters: Chapters;
  acts: Acts;
  /** The name of a viewer in one live's records, which leads back to nobody. */
  viewerName: (live: string, person: string) => string;
}

const LONG_AGO = new Date(0);
const END_OF_TIME = new Date('9999-01-01');

/**
 * Everything that was said, offered and done in a live, as JSON lines: kept as long as its recording, and handed to
 * its host or an admin. Viewers stand in it under a name of this live only; an admin sees which account it is.
 */
export function recordRoutes(deps: RecordRouteDeps): Router {
  const { lives, offers } = deps;
  const router = Router();
  const few = limit({ windowMs: 60_000, max: 6, by: (req) => req.person?.id });

  router.get('/host/live/:id/records.jsonl', few, async (req, res) => {
    const person = mustHaveRole(req.person, 'host');
    const live = await lives.byId(parseParam(liveId, req.params['id']));
    mustRun(live, person);
    const nameOf = hasRole(person, 'admin')
      ? (id: string) => id
      : (id: string) => deps.viewerName(live._id, id);
    res.set({
      'Content-Type': 'application/x-ndjson; charset=utf-8',
      'Content-Disposition': `attachment; filename="live-${live._id}.jsonl"`,
      'Cache-Control': 'private, no-store',
    });
    for await (const line of recordsOf(live._id, nameOf)) {
      if (res.destroyed) return;
      await writeLine(res, line);
    }
    res.end();
  });

  async function* recordsOf(id: string, nameOf: (person: string) => string): AsyncGenerator<object> {
    const live = await lives.byId(id);
    const { title, state, hostName, startsAt, startedAt, endedAt, rail, peakViewers, likes } = live;
    yield {
      kind: 'live',
      id,
      title,
      state,
      host: hostName,
      startsAt,
      startedAt,
      endedAt,
      rail,
      peakViewers,
      likes,
    };
    for (const offer of await offers.ofLive(id)) {
      const { _id, sku, priceFen, regularFen, quantity, perBuyer, opensAt, closesAt, closed, takes } = offer;
      const taken = takes.reduce((sum, { qty }) => sum + qty, 0);
      yield {
        kind: 'offer',
        id: _id,
        sku,
        priceFen,
        regularFen,
        quantity,
        perBuyer,
        opensAt,
        closesAt,
        closed,
        taken,
      };
    }
    for (const { sku, lot, from, to, host } of await deps.chapters.of(id)) {
      yield { kind: 'pin', sku, lot, from, to, host: nameOf(host) };
    }
    for (const drop of await deps.couponDrops.ofLive(id)) {
      const { _id, coupon, quantity, opensAt, closesAt, closed, taken } = drop;
      yield { kind: 'coupon_drop', id: _id, coupon, quantity, opensAt, closesAt, closed, taken };
    }
    for await (const { _id, at, person, name, role, text, hidden } of lives.said(id, {
      from: LONG_AGO,
      to: END_OF_TIME,
    })) {
      yield { kind: 'chat', id: _id, at, person: nameOf(person), name, role, text, hidden: hidden ?? null };
    }
    for await (const { _id, at, lines, coupon, card } of deps.evidence.ofLive(id)) {
      yield { kind: 'evidence', order: _id, at, lines, coupon, card };
    }
    for await (const { _id, live: _live, by, ...act } of deps.acts.ofLive(id)) {
      yield { kind: 'act', id: _id, by: nameOf(by), ...act };
    }
  }

  return router;
}

/** A slow reader is waited for: nothing piles up here. */
async function writeLine(res: Response, line: object): Promise<void> {
  if (res.write(`${JSON.stringify(line)}\n`)) return;
  await Promise.race([once(res, 'drain'), once(res, 'close')]);
}
