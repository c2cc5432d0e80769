export { connectDatabase, type Database } from './connect.ts';
export { ensureIndexes, IndexConflictError } from './indexes.ts';
export { isDuplicateKey } from './errors.ts';
export { insertNew } from './inserting.ts';
export { JOURNALED } from './durability.ts';
export { EngineError, openEngine, type Engine } from './engine/index.ts';
