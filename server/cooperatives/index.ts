export { createCooperatives, type Cooperative, type Cooperatives } from './cooperatives.service.ts';
export { createCooperativeStore } from './cooperatives.store.ts';
export { chosenDesk } from './desk.policy.ts';
export { presentDeskFrame, type DeskTab } from './desk.view.ts';
export { localizedText, slug } from './cooperatives.schema.ts';
export {
  paragraphs,
  presentCooperativeCard,
  presentCooperativePage,
  type CooperativeCard,
} from './cooperatives.view.ts';
