import type { MongoBulkWriteError } from 'mongodb';
import { isDuplicateKey } from './errors.ts';

interface Insertable {
  insertMany(docs: never[], options: { ordered: false }): Promise<unknown>;
}

/**
 * Puts in what is not there yet, in one write; what is there stays as it is.
 *
 * @returns the places in `docs` of those that a unique key keeps out
 * @throws the driver's error when anything else was wrong with one of them
 */
export async function insertNew(collection: Insertable, docs: readonly object[]): Promise<Set<number>> {
  if (docs.length === 0) return new Set();
  try {
    await collection.insertMany([...docs] as never[], { ordered: false });
    return new Set();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    const { writeErrors } = error as MongoBulkWriteError;
    const failures = Array.isArray(writeErrors) ? writeErrors : [writeErrors];
    // Its own code is that of the first of them only.
    if (failures.some(({ code }) => code !== 11000)) throw error;
    return new Set(failures.map(({ index }) => index));
  }
}
