export { catalogApi, catalogPages, createCards, type CatalogRouteDeps } from './catalog.routes.ts';
export { lowestPrice } from './catalog.rules.ts';
export { addProductCommand, listQuery, sku } from './catalog.schema.ts';
export { createCatalog, type Catalog, type Product, type Sellable, type Variant } from './catalog.service.ts';
export { createCatalogStore } from './catalog.store.ts';
export type { Availability, ProductCard, Reader } from './catalog.view.ts';
export { catalogJobs } from './catalog.jobs.ts';
