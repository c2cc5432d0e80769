import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { GrowerDoc } from './growers.model.ts';
import type { GrowerForm } from './growers.schema.ts';
import type { GrowerStore } from './growers.store.ts';

export type Grower = GrowerDoc;
export type Growers = ReturnType<typeof createGrowers>;

/** The households and groups behind the lots, and what each of them lets strangers see. */
export function createGrowers(deps: { store: GrowerStore; clock: Clock }) {
  const { store, clock } = deps;

  const fieldsOf = (form: Omit<GrowerForm, 'coop'>, by: string) => ({
    name: { 'zh-CN': form.nameZh, en: form.nameEn || form.nameZh },
    nameShown: form.nameShown,
    plot: {
      name: { 'zh-CN': form.plotZh, en: form.plotEn || form.plotZh },
      township: { 'zh-CN': form.townshipZh, en: form.townshipEn || form.townshipZh },
      lat: form.lat,
      lng: form.lng,
      mu: form.mu,
    },
    plotShown: form.plotShown,
    words: { 'zh-CN': form.wordsZh, en: form.wordsEn || form.wordsZh },
    updatedAt: clock.now(),
    updatedBy: by,
  });

  return {
    byIds: (ids: readonly string[]): Promise<Grower[]> =>
      ids.length === 0 ? Promise.resolve([]) : store.byIds(ids),
    ofCooperative: (cooperative: string) => store.ofCooperative(cooperative),

    async add(cooperative: string, form: Omit<GrowerForm, 'coop'>, by: string): Promise<string> {
      const _id = newId();
      await store.insert({ _id, cooperative, ...fieldsOf(form, by), picture: null });
      return _id;
    },

    /** @throws AppError `not_found`, also for another cooperative's */
    async change(id: string, cooperative: string, form: Omit<GrowerForm, 'coop'>, by: string): Promise<void> {
      if (!(await store.change(id, cooperative, fieldsOf(form, by)))) throw new AppError('not_found');
    },
  };
}
