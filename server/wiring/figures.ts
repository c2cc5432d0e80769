import { createFigures, createFigureStore } from '../figures/index.ts';
import type { Sales } from '../orders/index.ts';
import type { CooperativeServices } from './cooperatives.ts';
import type { LiveServices } from './live.ts';
import type { Ground } from './platform.ts';

type Below = Ground & CooperativeServices & LiveServices & { sales: Sales };

export function wireFigures({ db, clock, secret, lives, watching, cooperatives, sales }: Below) {
  return {
    figures: createFigures({
      ...{ store: createFigureStore(db), lives, watching, cooperatives, sales, clock, secret },
    }),
  };
}
