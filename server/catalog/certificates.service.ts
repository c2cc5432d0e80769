import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { localDay } from '../platform/views/index.ts';
import type { Catalog } from './catalog.service.ts';
import type { CatalogStore } from './catalog.store.ts';
import type { CertificateAct, CertificateDoc, CertificateEntry } from './certificates.model.ts';
import { covers, type ProvenCertificate } from './certificates.rules.ts';
import type { AddCertificateCommand } from './certificates.schema.ts';
import type { CertificateStore } from './certificates.store.ts';
import { toProof } from './showing.service.ts';

export type Certificates = ReturnType<typeof createCertificates>;
export type CertificateRecord = CertificateDoc;

/** Somebody who keeps certificates, and for which cooperatives. */
export interface Keeper {
  id: string;
  cooperatives: readonly string[];
}

/** The papers of the cooperatives: what they prove, of what, and until when. */
export function createCertificates(deps: {
  store: CertificateStore;
  products: CatalogStore;
  catalog: Catalog;
  clock: Clock;
}) {
  const { store, products, catalog, clock } = deps;

  /** @throws AppError `not_found`, also for another cooperative's */
  async function own(id: string, keeper: Keeper): Promise<CertificateDoc> {
    const found = await store.byId(id);
    if (!found || !keeper.cooperatives.includes(found.cooperative)) throw new AppError('not_found');
    return found;
  }

  /** Has the products of a changed certificate looked at again, on every process, and then forgets that it must. */
  async function tellProducts(docs: readonly CertificateDoc[]): Promise<void> {
    if (docs.length === 0) return;
    await products.touch([...new Set(docs.flatMap(({ skus }) => skus))], clock.now());
    for (const doc of docs) await store.settle(doc);
    await catalog.refresh();
  }

  async function change(
    id: string,
    set: Partial<Pick<CertificateDoc, 'state' | 'file'>>,
    { act, commandId, why, keeper }: { act: CertificateAct; commandId: string; why: string; keeper: Keeper },
  ): Promise<void> {
    const before = await own(id, keeper);
    const entry: CertificateEntry = { ref: commandId, at: clock.now(), by: keeper.id, act, why };
    const changed = await store.change({ id, from: 'issued', set, entry });
    if (changed) return tellProducts([changed]);
    const now = (await store.byId(before._id))!;
    if (!now.history.some(({ ref }) => ref === commandId)) throw new AppError('conflict');
  }

  return {
    own,

    ofCooperatives: (cooperatives: readonly string[]) => store.ofCooperatives(cooperatives),

    /** What is proven of a piece of that SKU and lot on that day (today when left out), straight from the database. */
    async covering({
      sku,
      lot,
      day = localDay(clock.now()),
    }: {
      sku: string;
      lot?: string | undefined;
      day?: string;
    }): Promise<ProvenCertificate[]> {
      const found = (await store.ofSkus([sku])).map(toProof);
      return found.filter((one) => covers(one, { sku, lot, day }));
    },

    /**
     * Enters a certificate. Once by the command's id.
     *
     * @throws AppError `invalid` for a SKU that is not the cooperative's, `conflict` for a command of somebody else
     */
    async add(
      cooperative: string,
      { commandId, renews, ...facts }: AddCertificateCommand,
      { file, keeper }: { file: string | null; keeper: Keeper },
    ): Promise<CertificateDoc> {
      if (!keeper.cooperatives.includes(cooperative)) throw new AppError('not_found');
      const sellables = await catalog.sellables(facts.skus);
      const isOwn = (sku: string) => sellables.get(sku)?.product.cooperative === cooperative;
      if (!facts.skus.every(isOwn)) throw new AppError('invalid', { fields: { skus: 'unknown' } });
      if (renews !== undefined) await own(renews, keeper);
      const now = clock.now();
      const doc: CertificateDoc = {
        _id: commandId,
        cooperative,
        ...facts,
        state: 'issued',
        file,
        renews: renews ?? null,
        history: [{ ref: commandId, at: now, by: keeper.id, act: 'added', why: '' }],
        dirty: true,
        createdAt: now,
      };
      if ((await store.add([doc])) === 0) {
        const first = await store.byId(commandId);
        if (first?.cooperative !== cooperative) throw new AppError('conflict');
        return first;
      }
      await tellProducts([doc]);
      return doc;
    },

    /** Puts the scanned paper with it. @throws AppError `not_found`, `conflict` for one that was taken back */
    attach: (id: string, file: string, by: { commandId: string; keeper: Keeper }) =>
      change(id, { file }, { act: 'file_added', why: '', ...by }),

    /** Takes it back for good: its claims disappear. @throws AppError `not_found`, `conflict` when it is already */
    revoke: (id: string, by: { commandId: string; why: string; keeper: Keeper }) =>
      change(id, { state: 'revoked' }, { act: 'revoked', ...by }),

    /** Tells products what a process that died did not. @returns how many certificates there were */
    async recover(): Promise<number> {
      const left = await store.dirty();
      await tellProducts(left);
      return left.length;
    },
  };
}
