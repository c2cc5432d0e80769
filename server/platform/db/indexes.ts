import type { Database } from './connect.ts';

/** An index in the database has the name or the keys of one of ours but is another one. */
export class IndexConflictError extends Error {}

/**
 * Creates every collection and index that the models name. A conflicting one stops the start with a sentence: a
 * missing unique index would show itself much later, as two orders for one tap.
 *
 * @throws IndexConflictError
 */
export async function ensureIndexes(db: Database): Promise<void> {
  await Promise.all(
    Object.values(db.models).map(async (model) => {
      try {
        await model.createCollection();
        await model.createIndexes();
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new IndexConflictError(
          `The indexes of "${model.collection.name}" cannot be made as this version needs them (${reason}). ` +
            'Drop or rename the index in the way, or use a fresh database.',
          { cause },
        );
      }
    }),
  );
}
