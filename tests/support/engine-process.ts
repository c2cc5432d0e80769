/**
 * A process of its own for the engine's tests: opens the engine of a folder in a mode, then writes numbers
 * with a journal, one after the other, and reports each one that was acknowledged.
 *
 *     node --import tsx engine-process.ts <dataDir> <own|join> <first number> <how many>
 */
import mongoose from 'mongoose';
import { EngineError, openEngine } from '../../server/platform/db/engine/index.ts';

export type Report = { opened: string } | { acked: number } | { done: true } | { refused: string };

const [dataDir = '', mode = '', first = '0', count = '0'] = process.argv.slice(2);
const silent = { info: () => {}, warn: () => {}, error: () => {} };

function report(message: Report): void {
  process.send?.(message);
}

try {
  const engine = await openEngine({ dataDir, mode: mode === 'own' ? 'own' : 'join', log: silent });
  report({ opened: engine.uri });
  const connection = await mongoose.createConnection(engine.uri).asPromise();
  const numbers = connection.collection<{ _id: number }>('numbers');
  for (let n = Number(first); n < Number(first) + Number(count); n += 1) {
    await numbers.insertOne({ _id: n }, { writeConcern: { w: 1, j: true } });
    report({ acked: n });
  }
  report({ done: true });
  process.once('message', () => {
    void connection
      .close()
      .then(() => engine.close())
      .then(() => process.disconnect());
  });
} catch (error) {
  report({ refused: error instanceof EngineError ? `${error.code}: ${error.message}` : String(error) });
  process.disconnect();
}
