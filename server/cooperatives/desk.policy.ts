import { AppError } from '../platform/errors.ts';
import type { Cooperative } from './cooperatives.service.ts';

/** The desk that is asked for, or the first; another's does not exist. @throws AppError `not_found` */
export function chosenDesk(desks: readonly Cooperative[], slug: string | undefined): Cooperative {
  const found = slug === undefined ? desks[0] : desks.find((coop) => coop.slug === slug);
  if (!found) throw new AppError('not_found');
  return found;
}
