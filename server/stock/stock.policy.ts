/** Somebody who keeps stock, and the cooperatives they do it for. */
export interface Member {
  id: string;
  cooperatives: readonly string[];
}

export function isOwn({ cooperative }: { cooperative: string }, member: Member): boolean {
  return member.cooperatives.includes(cooperative);
}
