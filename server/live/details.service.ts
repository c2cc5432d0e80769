import type { Person } from '../accounts/index.ts';
import type { Catalog, Claims } from '../catalog/index.ts';
import type { Bus } from '../platform/bus.ts';
import { AppError } from '../platform/errors.ts';
import type { Acts } from './acts.service.ts';
import './desk.facts.ts';
import type { DetailsCommand } from './details.schema.ts';
import type { DetailsStore } from './details.store.ts';
import type { LiveDoc } from './live.model.ts';
import { mustRun } from './live.policy.ts';
import type { Live, Lives } from './live.service.ts';

export type Details = ReturnType<typeof createDetails>;

export interface DetailsDeps {
  store: DetailsStore;
  lives: Lives;
  catalog: Catalog;
  claims: Pick<Claims, 'refuse'>;
  /** Flash offers that run in a live, or whose countdown does. */
  offersIn: (live: string) => Promise<readonly { sku: string }[]>;
  acts: Acts;
  bus: Bus;
}

/** What a host says of a live before it, and can mend during it: title, words, cover, rail, rules. */
export function createDetails({ store, lives, catalog, claims, offersIn, acts, bus }: DetailsDeps) {
  async function put(live: Live, edits: number, set: Partial<LiveDoc>, person: Person): Promise<void> {
    await acts.during({ live: live._id, act: 'details_changed' }, person, async () => {
      const changed = await store.change(live, edits, set);
      if (!changed) throw new AppError('conflict');
      bus.tell('desk.changed', { live: changed });
      bus.tell('live.edited', { live: changed });
    });
  }

  /** What is being shown or sold at this moment is not taken from under people's hands. */
  async function mustStay(live: Live, rail: readonly string[]): Promise<void> {
    const gone = live.rail.filter((sku) => !rail.includes(sku));
    if (gone.length === 0) return;
    if (live.pinned && gone.includes(live.pinned.sku)) {
      throw new AppError('invalid', { fields: { skus: 'rail_on_table' } });
    }
    if ((await offersIn(live._id)).some(({ sku }) => gone.includes(sku))) {
      throw new AppError('invalid', { fields: { skus: 'rail_in_offer' } });
    }
  }

  return {
    /**
     * While a live runs, its time stays as it is, and so does what lies on the table or has an offer running.
     *
     * @throws AppError `forbidden`, `conflict` when it has ended or somebody else has changed it meanwhile, `invalid`
     * for an unknown product or an empty rail, `claim_not_covered`
     */
    async change(id: string, command: DetailsCommand, person: Person): Promise<void> {
      const live = await lives.byId(id);
      mustRun(live, person);
      if (live.state === 'ended') throw new AppError('conflict');
      const rail = command.skus;
      if (rail.length === 0) throw new AppError('invalid', { fields: { skus: 'rail_empty' } });
      const known = await catalog.sellables(rail);
      if (rail.some((sku) => !known.has(sku))) throw new AppError('invalid', { fields: { skus: 'unknown' } });
      await mustStay(live, rail);
      const title = { 'zh-CN': command.titleZh, en: command.titleEn || command.titleZh };
      const intro = { 'zh-CN': command.introZh, en: command.introEn || command.introZh };
      await claims.refuse({
        fields: { title: `${title['zh-CN']}\n${title.en}`, intro: `${intro['zh-CN']}\n${intro.en}` },
        skus: rail,
        cover: 'any',
      });
      const { slowSeconds, audience, words, holdMinutes } = command;
      const set = {
        ...{ title, intro, rail, chatRules: { slowSeconds, audience, words } },
        holdSeconds: holdMinutes === null ? null : holdMinutes * 60,
        ...(live.state === 'scheduled' ? { startsAt: command.startsAt ?? live.startsAt } : {}),
      };
      await put(live, command.edits, set, person);
    },

    /** @throws AppError `forbidden`, `conflict` when it has ended */
    async setCover(id: string, poster: string, person: Person): Promise<void> {
      const live = await lives.byId(id);
      mustRun(live, person);
      if (live.state === 'ended') throw new AppError('conflict');
      await put(live, live.edits ?? 0, { poster }, person);
    },
  };
}
