import { defineConfig } from 'vitest/config';

const engine = ['tests/support/global-engine.ts'];

export default defineConfig({
  test: {
    // Two cores: more workers only make each other late.
    maxWorkers: 2,
    // Pages need their bundles: built once for all projects.
    globalSetup: ['tests/support/global-build.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts', 'tests/architecture.test.ts'],
          testTimeout: 30_000,
          // Nothing here keeps a state of its own between files: the code is loaded once for all of them.
          isolate: false,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: engine,
          isolate: false,
          // Generous: a limit is there to end what hangs, not to measure a busy machine.
          testTimeout: 60_000,
          hookTimeout: 90_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          globalSetup: [...engine, 'tests/support/global-browser.ts'],
          testTimeout: 120_000,
          hookTimeout: 90_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
