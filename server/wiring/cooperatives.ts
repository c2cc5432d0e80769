import {
  createCooperatives,
  createCooperativeStore,
  createFollows,
  createFollowStore,
} from '../cooperatives/index.ts';
import type { Ground } from './platform.ts';

export type CooperativeServices = ReturnType<typeof wireCooperatives>;

export function wireCooperatives({ db, clock }: Ground) {
  return {
    cooperatives: createCooperatives({ store: createCooperativeStore(db), clock }),
    follows: createFollows({ store: createFollowStore(db), clock }),
  };
}
