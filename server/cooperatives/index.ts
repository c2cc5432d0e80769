export { createCooperatives, type Cooperative, type Cooperatives } from './cooperatives.service.ts';
export { createCooperativeStore } from './cooperatives.store.ts';
export { followRoutes } from './follows.routes.ts';
export type { Followed } from './follows.rules.ts';
export { followForm } from './follows.schema.ts';
export { createFollows, type Follows } from './follows.service.ts';
export { createFollowStore } from './follows.store.ts';
export { chosenDesk } from './desk.policy.ts';
export { presentDeskFrame, type DeskTab } from './desk.view.ts';
export { localizedText, slug } from './cooperatives.schema.ts';
export {
  paragraphs,
  presentCooperativeCard,
  presentCooperativePage,
  type CooperativeCard,
} from './cooperatives.view.ts';
