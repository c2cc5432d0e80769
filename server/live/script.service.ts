import type { Person } from '../accounts/index.ts';
import type { Catalog, Claims } from '../catalog/index.ts';
import { AppError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Acts } from './acts.service.ts';
import { mustBeOfHouse, mustDo, mustRun } from './live.policy.ts';
import type { Live, Lives } from './live.service.ts';
import { MAX_PREPARED, type PreparedOffer, type ScriptNote } from './script.rules.ts';
import type { ScriptStore } from './script.store.ts';

export type Scripts = ReturnType<typeof createScripts>;
export type Script = Awaited<ReturnType<Scripts['of']>>;

interface Words {
  opening: string;
  closing: string;
  notes: readonly ScriptNote[];
}

/** What is prepared for a live: words for the prompter, and offers that wait for their tap. */
export function createScripts(deps: {
  store: ScriptStore;
  lives: Lives;
  catalog: Catalog;
  claims: Pick<Claims, 'refuse'>;
  acts: Acts;
}) {
  const { store, lives, catalog, claims, acts } = deps;

  /** What is read out on air is said of everything on the rail, or of the product that it is a note for. */
  async function mustBeProven(live: Live, { opening, closing, notes }: Words) {
    await claims.refuse({ fields: { opening, closing }, skus: live.rail, cover: 'any' });
    for (const { sku, text } of notes)
      await claims.refuse({ fields: { [`note_${sku}`]: text }, skus: [sku] });
  }

  async function read(id: string) {
    const found = await store.byLive(id);
    const { opening = '', closing = '', notes = [], offers = [], edits = 0 } = found ?? {};
    return { opening, closing, notes, offers, edits };
  }

  async function put(live: Live, edits: number, set: Parameters<ScriptStore['put']>[2], person: Person) {
    await acts.during({ live: live._id, act: 'script_changed' }, person, async () => {
      if (!(await store.put(live._id, edits, set))) throw new AppError('conflict');
    });
  }

  return {
    /** For the house only. @throws AppError `forbidden`, `not_found` */
    async of(id: string, person: Person) {
      mustBeOfHouse(await lives.byId(id), person);
      return read(id);
    },

    /** As it may be said today: what no certificate covers any more is not read out. @throws AppError as `of` does */
    async spoken(id: string, person: Person) {
      const live = await lives.byId(id);
      mustBeOfHouse(live, person);
      const script = await read(id);
      const said = (text: string, skus: readonly string[]) =>
        catalog.mask({ 'zh-CN': text, en: text }, skus, 'prose')['zh-CN'];
      return {
        ...script,
        opening: said(script.opening, live.rail),
        closing: said(script.closing, live.rail),
        notes: script.notes.map(({ sku, text }) => ({ sku, text: said(text, [sku]) })),
      };
    },

    /**
     * @throws AppError `forbidden`, `conflict` when somebody else has changed it meanwhile, `claim_not_covered` for words
     *   that no certificate covers
     */
    async write(
      id: string,
      script: { opening: string; closing: string; notes: ScriptNote[]; edits: number },
      person: Person,
    ): Promise<void> {
      const live = await lives.byId(id);
      mustRun(live, person);
      const { edits, ...words } = script;
      const notes = words.notes.filter(({ sku }) => live.rail.includes(sku));
      await mustBeProven(live, { ...words, notes });
      await put(live, edits, { ...words, notes }, person);
    },

    /** @throws AppError `forbidden`, `invalid` for what is not on the rail or no discount, `conflict` */
    async prepare(
      id: string,
      offer: Omit<PreparedOffer, 'id'>,
      edits: number,
      person: Person,
    ): Promise<void> {
      const live = await lives.byId(id);
      mustDo(live, person, 'stock');
      const sellable = (await catalog.sellables([offer.sku])).get(offer.sku);
      if (!sellable || !live.rail.includes(offer.sku)) {
        throw new AppError('invalid', { fields: { sku: 'unknown' } });
      }
      if (offer.priceFen >= sellable.variant.priceFen) {
        throw new AppError('invalid', { fields: { price: 'no_discount' } });
      }
      const { offers } = await read(id);
      if (offers.length >= MAX_PREPARED) throw new AppError('invalid', { fields: { sku: 'offers_full' } });
      await put(live, edits, { offers: [...offers, { id: newId(), ...offer }] }, person);
    },

    /** @throws AppError `forbidden`, `conflict` */
    async drop(id: string, offer: string, edits: number, person: Person): Promise<void> {
      const live = await lives.byId(id);
      mustDo(live, person, 'stock');
      const { offers } = await read(id);
      await put(live, edits, { offers: offers.filter((one) => one.id !== offer) }, person);
    },
  };
}
