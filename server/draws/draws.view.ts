import type { Lang } from '../platform/lang.ts';
import type { Media } from '../platform/media/index.ts';
import { money } from '../platform/money.ts';
import type { Translate } from '../platform/views/index.ts';
import type { Award } from './awards.service.ts';
import type { WireDraw, WireStanding } from './draws.events.ts';
import type { Draw } from './draws.service.ts';
import { DRAW_VERSION } from './lottery.rules.ts';

export interface DrawReader {
  lang: Lang;
  t: Translate;
  media: Media;
}

/** A draw as the room sees it. The seed is not in it, whatever its state. */
export function presentDraw(
  draw: Draw,
  now: { entrants: number; awards: readonly Award[] },
  media: Media,
): WireDraw {
  return {
    id: draw._id,
    liveId: draw.live,
    entry: draw.entry,
    prizes: draw.prizes.map(({ sku, qty, winners, name, variant, image }) => ({
      ...{ sku, qty, winners, name, variant },
      image: media.picture(image).src,
    })),
    state: draw.state === 'preparing' ? 'open' : draw.state,
    closesAt: draw.closesAt.toISOString(),
    entrants: draw.committed?.entrants ?? now.entrants,
    seedHash: draw.seedHash,
    commitment: draw.committed?.commitment ?? null,
    drawAt: draw.committed?.drawAt.toISOString() ?? null,
    winners: (draw.drawn?.winners ?? []).map(({ rank, prize, entrant }) => ({
      rank,
      prize,
      entrant,
      name: now.awards.find((award) => award.rank === rank)?.name ?? '',
    })),
    check: `/draws/${draw._id}/check`,
  };
}

export function presentStanding(
  standing: Omit<WireStanding, 'won'>,
  draw: Draw,
  awards: readonly Award[],
): WireStanding {
  const { signedIn, entrant, has, needs } = standing;
  return {
    ...{ signedIn, entrant, has, needs },
    won: awards.map(({ rank, prize, state, until }) => ({
      ...{ rank, prize, state },
      href: `/draws/${draw._id}/prizes/${rank}`,
      until: until.toISOString(),
    })),
  };
}

/** Everything it takes to work a draw out again. Before the draw there is no seed and no list in it. */
export function presentData(draw: Draw, list: readonly string[] | undefined) {
  const over = draw.state === 'drawn';
  return {
    version: DRAW_VERSION,
    draw: draw._id,
    live: draw.live,
    openedAt: draw.openedAt?.toISOString() ?? null,
    closedAt: draw.closedAt?.toISOString() ?? null,
    prizes: draw.prizes.map(({ sku, qty, winners }) => ({ sku, qty, winners })),
    seedHash: draw.seedHash,
    entrantsHash: draw.committed?.entrantsHash ?? null,
    entrantCount: draw.committed?.entrants ?? null,
    commitment: draw.committed?.commitment ?? null,
    committedAt: draw.committed?.at.toISOString() ?? null,
    drawnAt: draw.drawn?.at.toISOString() ?? null,
    seed: over ? draw.seed : null,
    entrants: over && list ? [...list] : null,
    winners: (draw.drawn?.winners ?? []).map(({ rank, prize, entrant, lot }) => ({
      rank,
      prize,
      entrant,
      lot,
    })),
  };
}

export type DrawData = ReturnType<typeof presentData>;

/** The page that checks it. */
export function presentCheckPage(draw: Draw, awards: readonly Award[], reader: DrawReader) {
  const { lang, t, media } = reader;
  return {
    id: draw._id,
    state: draw.state,
    is: {
      open: draw.state === 'open' || draw.state === 'preparing' || draw.state === 'closing',
      committed: draw.state === 'committed',
      drawn: draw.state === 'drawn',
      cancelled: draw.state === 'cancelled',
    },
    entry: entryText(draw, t),
    closedAt: draw.closedAt,
    drawnAt: draw.drawn?.at,
    entrants: draw.committed?.entrants,
    seedHash: draw.seedHash,
    commitment: draw.committed?.commitment,
    prizes: draw.prizes.map((prize, index) => ({
      name: prize.name[lang],
      variant: prize.variant[lang],
      qty: prize.qty,
      worth: money(prize.worthFen),
      picture: media.picture(prize.image),
      winners: (draw.drawn?.winners ?? [])
        .filter((winner) => winner.prize === index)
        .map(({ rank, entrant, lot }) => ({
          rank,
          entrant,
          lot,
          name: awards.find((award) => award.rank === rank)?.name ?? '',
        })),
    })),
  };
}

export function entryText({ entry }: Pick<Draw, 'entry'>, t: Translate): string {
  switch (entry.kind) {
    case 'comment':
      return t('draws.entry.comment', { keyword: entry.keyword });
    case 'watched':
      return t('draws.entry.watched', { minutes: entry.minutes });
    case 'bought':
      return t('draws.entry.bought');
  }
}

/** A prize, for its winner alone. */
export function presentPrize(draw: Draw, award: Award, { lang, media }: DrawReader) {
  const prize = draw.prizes[award.prize]!;
  return {
    rank: award.rank,
    state: award.state,
    waiting: award.state === 'waiting',
    claimed: award.state === 'claimed',
    lapsed: award.state === 'lapsed',
    until: award.until,
    name: prize.name[lang],
    variant: prize.variant[lang],
    qty: prize.qty,
    worth: money(prize.worthFen),
    picture: media.picture(prize.image),
    order: `/orders/${award.order}`,
    check: `/draws/${draw._id}/check`,
    action: `/draws/${draw._id}/prizes/${award.rank}`,
  };
}

/** What the check says of itself, for its script. */
export function presentCheckWords(t: Translate) {
  return {
    running: t('draws.check.running'),
    allTrue: t('draws.check.allTrue'),
    someFalse: t('draws.check.someFalse'),
    noCrypto: t('draws.check.noCrypto'),
    failed: t('draws.check.failed'),
    yes: t('draws.check.true'),
    no: t('draws.check.false'),
    skipped: t('draws.check.skipped'),
  };
}
