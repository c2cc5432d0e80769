import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openEngine } from '../../server/platform/db/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the engine that all test files share; each takes a database of its own. */
    engineUri: string;
  }
}

/** One embedded engine for all test files of a project. */
export default async function setup(project: TestProject) {
  const dataDir = await mkdtemp(join(tmpdir(), 'shanxiang-test-'));
  const quiet = { info() {}, warn: console.warn, error: console.error };
  const engine = await openEngine({ dataDir, mode: 'own', log: quiet });
  project.provide('engineUri', engine.uri);
  return async () => {
    await engine.close();
    await rm(dataDir, { recursive: true, force: true });
  };
}
