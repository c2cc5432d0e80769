import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { localDay } from '../platform/views/index.ts';
import type { Stock } from '../stock/index.ts';
import {
  canonical,
  GENESIS,
  leafOf,
  merkleProof,
  merkleRoot,
  sha256,
  type ProofStep,
} from './chain.rules.ts';
import type { EventStore } from './events.store.ts';
import type { RootDoc } from './roots.model.ts';
import type { RootStore } from './roots.store.ts';

export type Roots = ReturnType<typeof createRoots>;

export interface Root {
  day: string;
  at: Date;
  root: string;
  previous: string;
}

export interface RootProof extends Root {
  lot: string;
  head: string;
  leaf: string;
  proof: ProofStep[];
}

/** Days that the public page lists. */
const LISTED = 60;

export function createRoots(deps: { store: RootStore; events: EventStore; stock: Stock; clock: Clock }) {
  const { store, events, stock, clock } = deps;

  return {
    /** Publishes today's root unless it is. @returns undefined when there is nothing to publish */
    async publish(): Promise<Root | undefined> {
      const day = localDay(clock.now());
      const there = await store.ofDay(day);
      if (there) return toRoot(there);
      const heads = await events.heads();
      if (heads.length === 0) return undefined;
      const lots = await stock.lots(heads.map(({ _id }) => _id));
      const codes = new Map(lots.map(({ _id, code }) => [_id, code]));
      const leaves = heads
        .map(({ _id, hash }) => ({ lot: codes.get(_id) ?? _id, head: hash }))
        .sort((a, b) => (a.lot < b.lot ? -1 : 1));
      const last = await store.latest();
      const doc = {
        _id: day,
        at: clock.now(),
        root: rootOfLeaves(leaves),
        previous: last ? linkOfRoot(last) : GENESIS,
        leaves,
      };
      if (!(await store.publish(doc))) return this.publish();
      return toRoot(doc);
    },

    list: async (): Promise<Root[]> => (await store.list(LISTED)).map(toRoot),

    /** What proves that a lot's head of that day is in its root. @throws AppError `not_found` */
    async proof(day: string, lot: string): Promise<RootProof> {
      const found = await store.ofDay(day);
      const index = found?.leaves.findIndex((leaf) => leaf.lot === lot) ?? -1;
      if (!found || index < 0) throw new AppError('not_found');
      const leaves = found.leaves.map(({ lot: code, head }) => leafOf(code, head));
      const { head } = found.leaves[index]!;
      return { ...toRoot(found), lot, head, leaf: leaves[index]!, proof: merkleProof(leaves, index) };
    },

    async latestWith(lot: string): Promise<Root | undefined> {
      const found = await store.latestWith(lot);
      return found && (found.leaves ?? []).length > 0 ? toRoot(found) : undefined;
    },
  };
}

export function rootOfLeaves(leaves: RootDoc['leaves']): string {
  return merkleRoot(leaves.map(({ lot, head }) => leafOf(lot, head))) ?? GENESIS;
}

/** Each root holds the one before it: a day cannot be taken out. */
export function linkOfRoot({ _id, root, previous }: Pick<RootDoc, '_id' | 'root' | 'previous'>): string {
  return sha256(canonical({ day: _id, previous, root }));
}

function toRoot({ _id, at, root, previous }: Omit<RootDoc, 'leaves'>): Root {
  return { day: _id, at, root, previous };
}
