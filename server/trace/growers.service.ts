import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { GrowerDoc } from './growers.model.ts';
import type { GrowerLook } from './growers.rules.ts';
import type { GrowerFields } from './growers.schema.ts';
import type { GrowerStore } from './growers.store.ts';

export type Grower = GrowerDoc;
export type Growers = ReturnType<typeof createGrowers>;

/** The households and groups behind the lots, and what each of them lets strangers see. */
export function createGrowers(deps: { store: GrowerStore; clock: Clock }) {
  const { store, clock } = deps;

  const fieldsOf = (form: GrowerFields, by: string) => ({
    ...lookOf(form),
    updatedAt: clock.now(),
    updatedBy: by,
  });

  return {
    byIds: (ids: readonly string[]): Promise<Grower[]> =>
      ids.length === 0 ? Promise.resolve([]) : store.byIds(ids),
    ofCooperative: (cooperative: string) => store.ofCooperative(cooperative),

    /** @param picture a reference of media's, or null for none */
    async add(
      cooperative: string,
      form: GrowerFields,
      { by, picture }: { by: string; picture: string | null },
    ) {
      const _id = newId();
      await store.insert({ _id, cooperative, ...fieldsOf(form, by), picture });
      return _id;
    },

    /** The picture stays when nothing is said of it. @throws AppError `not_found`, also for another cooperative's */
    async change(
      { id, cooperative }: { id: string; cooperative: string },
      form: GrowerFields,
      { by, picture }: { by: string; picture: string | null | undefined },
    ): Promise<void> {
      const fields = { ...fieldsOf(form, by), ...(picture === undefined ? {} : { picture }) };
      if (!(await store.change(id, cooperative, fields))) throw new AppError('not_found');
    },
  };
}

/** What a form says of a grower, as it is kept. */
export function lookOf(form: GrowerFields): Omit<GrowerLook, 'picture'> {
  return {
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
  };
}
