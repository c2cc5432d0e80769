import type { Person } from '../accounts/index.ts';
import type { Order } from './orders.service.ts';

export function isBuyer(order: Pick<Order, 'buyer'>, person: Person): boolean {
  return person.ids.includes(order.buyer);
}

/** Staff: an admin, or a member of a cooperative that has a part in the order. */
export function isStaff(
  order: Pick<Order, 'cooperatives'>,
  person: Person,
  cooperatives: readonly string[],
): boolean {
  return person.roles.includes('admin') || order.cooperatives.some((id) => cooperatives.includes(id));
}
