/**
 * Who is in a room, as people: one person with three phones is one. Each process of a cluster tells the others whom
 * it has; a process that has fallen silent is forgotten. The house is in the room as well, but does not watch: it is
 * counted nowhere.
 */
export interface Presence {
  enter(person: string, as?: 'viewer' | 'house'): void;
  leave(person: string): void;
  /** Viewers in the room, over all processes. */
  count(now: number): number;
  /** Whether anybody is here on this process, the house included. */
  isEmpty(): boolean;
  /** Every viewer on this process, for the other ones. */
  here(): string[];
  /** What another process has told. */
  learn(node: string, people: string[], now: number): void;
}

const SILENT_AFTER_MS = 15_000;

export function createPresence(): Presence {
  const connections = new Map<string, number>();
  const house = new Map<string, number>();
  const others = new Map<string, { people: string[]; at: number }>();
  return {
    enter(person, as = 'viewer') {
      const lines = as === 'house' ? house : connections;
      lines.set(person, (lines.get(person) ?? 0) + 1);
    },
    leave(person) {
      const lines = connections.has(person) ? connections : house;
      const left = (lines.get(person) ?? 0) - 1;
      if (left > 0) lines.set(person, left);
      else lines.delete(person);
    },
    count(now) {
      if (others.size === 0) return connections.size;
      const people = new Set(connections.keys());
      for (const [node, told] of others) {
        if (now - told.at > SILENT_AFTER_MS) others.delete(node);
        else for (const person of told.people) people.add(person);
      }
      return people.size;
    },
    isEmpty: () => connections.size === 0 && house.size === 0,
    here: () => [...connections.keys()],
    learn(node, people, now) {
      others.set(node, { people, at: now });
    },
  };
}
