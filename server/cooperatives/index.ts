export { createCooperatives, type Cooperative, type Cooperatives } from './cooperatives.service.ts';
export { createCooperativeStore } from './cooperatives.store.ts';
export { localizedText, slug } from './cooperatives.schema.ts';
export {
  paragraphs,
  presentCooperativeCard,
  presentCooperativePage,
  type CooperativeCard,
} from './cooperatives.view.ts';
