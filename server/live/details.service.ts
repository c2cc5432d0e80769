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
  acts: Acts;
  bus: Bus;
}

/** What a host says of a live before it, and can mend during it: title, words, cover, rail, rules. */
export function createDetails({ store, lives, catalog, claims, acts, bus }: DetailsDeps) {
  async function put(live: Live, edits: number, set: Partial<LiveDoc>, person: Person): Promise<void> {
    await acts.during({ live: live._id, act: 'details_changed' }, person, async () => {
      const changed = await store.change(live, edits, set);
      if (!changed) throw new AppError('conflict');
      bus.tell('desk.changed', { live: changed });
      // Pages of lives are kept for a while; they are made anew after this.
      if (live.state === 'scheduled') {
        bus.tell('live.moved', { live: live._id, state: 'scheduled', at: changed.createdAt });
      }
    });
  }

  return {
    /**
     * While a live runs, its rail and its time stay as they are: people are looking at them.
     *
     * @throws AppError `forbidden`, `conflict` when it has ended or somebody else has changed it meanwhile, `invalid`
     * for an unknown product or an empty rail, `claim_not_covered`
     */
    async change(id: string, command: DetailsCommand, person: Person): Promise<void> {
      const live = await lives.byId(id);
      mustRun(live, person);
      if (live.state === 'ended') throw new AppError('conflict');
      const rail = live.state === 'scheduled' ? command.skus : live.rail;
      if (rail.length === 0) throw new AppError('invalid', { fields: { skus: 'rail_empty' } });
      const known = await catalog.sellables(rail);
      if (rail.some((sku) => !known.has(sku))) throw new AppError('invalid', { fields: { skus: 'unknown' } });
      const title = { 'zh-CN': command.titleZh, en: command.titleEn || command.titleZh };
      const intro = { 'zh-CN': command.introZh, en: command.introEn || command.introZh };
      await claims.refuse({
        fields: { title: `${title['zh-CN']}\n${title.en}`, intro: `${intro['zh-CN']}\n${intro.en}` },
        skus: rail,
        cover: 'any',
      });
      const { slowSeconds, audience, words, holdMinutes } = command;
      const set = {
        ...{ title, intro, chatRules: { slowSeconds, audience, words } },
        holdSeconds: holdMinutes === null ? null : holdMinutes * 60,
        ...(live.state === 'scheduled' ? { rail, startsAt: command.startsAt ?? live.startsAt } : {}),
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
