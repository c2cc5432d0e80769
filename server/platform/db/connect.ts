import mongoose, { type Connection } from 'mongoose';
import type { Log } from '../log.ts';

export type Database = Connection;

/**
 * A connection of its own (never mongoose's global one, so that tests run several apps side by side).
 * Every write is journaled unless it says otherwise: a shop forgets nothing that it has answered.
 */
export async function connectDatabase(uri: string, log: Log): Promise<Database> {
  const connection = mongoose.createConnection(uri, {
    dbName: new URL(uri).pathname.length > 1 ? undefined : 'shanxiang',
    autoIndex: false,
    autoCreate: false,
    maxPoolSize: 40,
    serverSelectionTimeoutMS: 5_000,
    writeConcern: { w: 'majority', journal: true },
    // Indexes and models are ours; retryable writes need a replica set, which the embedded engine is not.
    retryWrites: !uri.includes('.sock'),
  });
  connection.on('error', (err: unknown) => log.error({ err }, 'database connection error'));
  let closing = false;
  connection.on('disconnecting', () => (closing = true));
  connection.on('disconnected', () => closing || log.warn('database connection lost'));
  connection.on('reconnected', () => log.info('database connection is back'));
  return connection.asPromise();
}
