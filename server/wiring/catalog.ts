import {
  createCatalog,
  createCatalogStore,
  createCertificates,
  createCertificateStore,
  createClaims,
  createClaimStore,
} from '../catalog/index.ts';
import type { CooperativeServices } from './cooperatives.ts';
import type { Ground } from './platform.ts';

export type CatalogServices = ReturnType<typeof wireCatalog>;

export function wireCatalog({ db, bus, clock, cooperatives }: Ground & CooperativeServices) {
  const products = createCatalogStore(db);
  const papers = createCertificateStore(db);
  const claims = createClaims({ store: createClaimStore(db), certificates: papers, clock });
  const catalog = createCatalog({
    ...{ store: products, certificates: papers, claims, cooperatives, bus, clock },
  });
  const certificates = createCertificates({ store: papers, products, catalog, clock });
  return { catalog, certificates, claims };
}
