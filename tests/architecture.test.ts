import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../server/platform/root.ts';
import { checkArchitecture, LADDER, type OffenceKind } from './support/architecture.ts';
import { EXCEPTIONS } from './support/architecture-table.ts';

function sourceTree(): Map<string, string> {
  const files = new Map<string, string>();
  for (const top of ['server', 'public']) {
    for (const entry of readdirSync(join(ROOT, top), { recursive: true, encoding: 'utf8' })) {
      const path = `${top}/${entry.replaceAll('\\', '/')}`;
      if (path.startsWith('public/build/') || !/\.(ts|md)$/.test(path)) continue;
      files.set(path, readFileSync(join(ROOT, path), 'utf8'));
    }
  }
  return files;
}

/** A small house in order, to plant one offence in. */
const CLEAN: Record<string, string> = {
  'server/main.ts': `import { loadDemo } from '../seeds/load.ts';\nimport { openShop } from './shop.ts';`,
  'server/shop.ts': `import { createContext } from './context.ts';`,
  'server/context.ts': `import { wireCatalog } from './wiring/catalog.ts';\nimport { createBus } from './platform/bus.ts';`,
  'server/wiring/platform.ts': `import { connect } from '../platform/db/index.ts';\nimport { join } from 'node:path';`,
  'server/wiring/catalog.ts': `import { createCatalog } from '../catalog/index.ts';\nimport { may } from '../accounts/index.ts';\nimport type { Ground } from './platform.ts';`,
  'server/wiring/stock.ts': `import { createStock } from '../stock/index.ts';\nimport type { C } from './catalog.ts';`,
  'server/platform/bus.ts': `import type { Log } from './log.ts';`,
  'server/platform/log.ts': `import { pino } from 'pino';`,
  'server/platform/money.ts': `import type { Lang } from './lang.ts';`,
  'server/platform/lang.ts': ``,
  'server/platform/errors.ts': ``,
  'server/platform/db/index.ts': `export { connect } from './connect.ts';\nexport { open } from './engine/index.ts';`,
  'server/platform/db/connect.ts': `import mongoose from 'mongoose';`,
  'server/platform/db/engine/index.ts': `export { open } from './owner.ts';`,
  'server/platform/db/engine/owner.ts': `import { fork } from 'node:child_process';`,
  'server/platform/http/index.ts': `export { sessions } from './session.ts';`,
  'server/platform/http/session.ts': `import MongoStore from 'connect-mongo';`,
  'server/accounts/index.ts': `export { may } from './accounts.policy.ts';`,
  'server/accounts/README.md': `Words.`,
  'server/accounts/accounts.policy.ts': `import type { Request } from 'express';\nimport { AppError } from '../platform/errors.ts';`,
  'server/catalog/index.ts': `export { createCatalog } from './catalog.service.ts';`,
  'server/catalog/catalog.service.ts': `import { may } from '../accounts/index.ts';\nimport { price } from './catalog.rules.ts';`,
  'server/catalog/catalog.rules.ts': `import { money } from '../platform/money.ts';\nimport type { ProductDoc } from './catalog.model.ts';`,
  'server/catalog/catalog.model.ts': `import { Schema } from 'mongoose';`,
  'server/catalog/catalog.events.ts': `export interface Wire {}`,
  'server/catalog/search/text.rules.ts': `// import { x } from 'mongoose';`,
  'server/stock/index.ts': `export { createStock } from './stock.service.ts';`,
  'server/stock/stock.service.ts': `import {\n  createCatalog,\n} from '../catalog/index.ts';`,
  'public/pages/site.ts': `import type { Wire } from '../../server/catalog/catalog.events.ts';\nimport { money } from '../../server/platform/money.ts';\nimport { io } from 'socket.io-client';`,
};

const PLANTED: [what: string, kind: OffenceKind, file: string, source: string][] = [
  [
    'platform knows a domain',
    'ladder',
    'server/platform/clock.ts',
    `import { may } from '../accounts/index.ts';`,
  ],
  [
    'a lower domain uses a higher one',
    'ladder',
    'server/catalog/shelf.service.ts',
    `import { createStock } from '../stock/index.ts';`,
  ],
  [
    'also when only for a type',
    'ladder',
    'server/catalog/shelf.service.ts',
    `import type { Stock } from '../stock/index.ts';`,
  ],
  [
    'also by a late import',
    'ladder',
    'server/catalog/shelf.service.ts',
    `const later = await import('../stock/index.ts');`,
  ],
  ['also when passed on', 'ladder', 'server/catalog/shelf.service.ts', `export * from '../stock/index.ts';`],
  [
    'a domain uses the wiring',
    'ladder',
    'server/stock/shelf.service.ts',
    `import type { Context } from '../context.ts';`,
  ],
  [
    'a domain uses the wiring of a lower step',
    'ladder',
    'server/stock/shelf.service.ts',
    `import { wireCatalog } from '../wiring/catalog.ts';`,
  ],
  [
    'routes go around the context',
    'ladder',
    'server/http.ts',
    `import type { C } from './wiring/catalog.ts';`,
  ],
  [
    'wiring knows a higher step',
    'ladder',
    'server/wiring/accounts.ts',
    `import { createCatalog } from '../catalog/index.ts';`,
  ],
  [
    'also when only for a type of its wiring',
    'ladder',
    'server/wiring/accounts.ts',
    `import type { C } from './catalog.ts';`,
  ],
  [
    'wiring knows the whole',
    'ladder',
    'server/wiring/catalog.ts',
    `import type { Context } from '../context.ts';`,
  ],
  [
    'a domain uses the demonstration',
    'ladder',
    'server/stock/shelf.service.ts',
    `import { loadDemo } from '../../seeds/load.ts';`,
  ],
  [
    'past a front door',
    'front_door',
    'server/stock/shelf.service.ts',
    `import { price } from '../catalog/catalog.rules.ts';`,
  ],
  [
    'past a front door for a type',
    'front_door',
    'server/stock/shelf.view.ts',
    `import type { P } from '../catalog/search/text.rules.ts';`,
  ],
  [
    'past a front door from the top',
    'front_door',
    'server/http.ts',
    `import { price } from '../server/catalog/catalog.rules.ts';`,
  ],
  [
    'wiring past a front door',
    'front_door',
    'server/wiring/catalog.ts',
    `import { createStore } from '../catalog/catalog.store.ts';`,
  ],
  [
    'past a front door of the platform',
    'front_door',
    'server/stock/shelf.store.ts',
    `import { connect } from '../platform/db/connect.ts';`,
  ],
  [
    'past two front doors of the platform',
    'front_door',
    'server/stock/shelf.store.ts',
    `import { open } from '../platform/db/engine/index.ts';`,
  ],
  [
    'past an inner front door',
    'front_door',
    'server/platform/db/other.ts',
    `import { open } from './engine/owner.ts';`,
  ],
  [
    'past one inside the platform',
    'front_door',
    'server/platform/jobs.ts',
    `import { connect } from './db/connect.ts';`,
  ],
  ['a suffix that is not on the list', 'file_name', 'server/stock/stock.helpers.ts', ``],
  ['no suffix', 'file_name', 'server/stock/stock.ts', ``],
  ['a folder named by layer', 'file_name', 'server/stock/services/lot.service.ts', ``],
  ['a folder in a folder', 'file_name', 'server/stock/lots/inner/lot.rules.ts', ``],
  ['a file on top that is not on the list', 'unknown_place', 'server/helpers.ts', ``],
  ['wiring of no step', 'unknown_place', 'server/wiring/points.ts', ``],
  ['a folder in the wiring', 'unknown_place', 'server/wiring/live/chat.ts', ``],
  ['a domain without a place', 'unknown_place', 'server/points/index.ts', ``],
  ['a domain without a front door', 'front_door_missing', 'server/trace/trace.rules.ts', ``],
  ['mongoose in a service', 'database', 'server/stock/shelf.service.ts', `import mongoose from 'mongoose';`],
  [
    'mongoose in a service for a type',
    'database',
    'server/stock/shelf.service.ts',
    `import type { Document } from 'mongoose';`,
  ],
  [
    'the driver in a rule',
    'database',
    'server/stock/shelf.rules.ts',
    `import type { ObjectId } from 'mongodb';`,
  ],
  ['mongoose in the wiring', 'database', 'server/wiring/stock.ts', `import mongoose from 'mongoose';`],
  ['mongoose in the platform', 'database', 'server/platform/clock.ts', `import mongoose from 'mongoose';`],
  [
    'a second session store',
    'database',
    'server/platform/clock.ts',
    `import MongoStore from 'connect-mongo';`,
  ],
  [
    'a rule that reads',
    'suffix_import',
    'server/catalog/x.rules.ts',
    `import { readFileSync } from 'node:fs';`,
  ],
  [
    'a rule that throws for programs',
    'suffix_import',
    'server/catalog/x.rules.ts',
    `import { AppError } from '../platform/errors.ts';`,
  ],
  [
    'a rule with a model at hand',
    'suffix_import',
    'server/catalog/x.rules.ts',
    `import { type P, models } from './catalog.model.ts';`,
  ],
  [
    'a use case that knows HTTP',
    'suffix_import',
    'server/catalog/x.service.ts',
    `import { sessions } from '../platform/http/index.ts';`,
  ],
  [
    'a use case that answers',
    'suffix_import',
    'server/catalog/x.service.ts',
    `import express from 'express';`,
  ],
  [
    'a use case with a model at hand',
    'suffix_import',
    'server/catalog/x.service.ts',
    `import { models } from './catalog.model.ts';`,
  ],
  [
    'a route that asks the database',
    'suffix_import',
    'server/catalog/x.routes.ts',
    `import { find } from './catalog.store.ts';`,
  ],
  [
    'a policy that looks things up',
    'suffix_import',
    'server/catalog/x.policy.ts',
    `import { createCatalog } from './catalog.service.ts';`,
  ],
  [
    'a view with a service at hand',
    'suffix_import',
    'server/catalog/x.view.ts',
    `import { createCatalog } from './catalog.service.ts';`,
  ],
  [
    'a wire that imports',
    'suffix_import',
    'server/catalog/x.events.ts',
    `import type { Money } from '../platform/money.ts';`,
  ],
  [
    'a job that decides',
    'suffix_import',
    'server/catalog/x.jobs.ts',
    `import { price } from './catalog.rules.ts';`,
  ],
  [
    'browser code with server rules',
    'browser',
    'public/lib/x.ts',
    `import { price } from '../../server/catalog/catalog.rules.ts';`,
  ],
  [
    'browser code with a server type',
    'browser',
    'public/lib/x.ts',
    `import type { P } from '../../server/catalog/index.ts';`,
  ],
  [
    'browser code with the seeds',
    'browser',
    'public/lib/x.ts',
    `import { products } from '../../seeds/content/index.ts';`,
  ],
  [
    'an import of nothing',
    'missing_file',
    'server/stock/shelf.rules.ts',
    `import { gone } from './gone.rules.ts';`,
  ],
];

describe('the architecture', () => {
  test('is kept', () => {
    expect(checkArchitecture(sourceTree())).toEqual([]);
  });

  test('is looked for in the whole tree', () => {
    const files = sourceTree();
    const domains = LADDER.filter((domain) => files.has(`server/${domain}/index.ts`));
    expect(domains).toEqual(expect.arrayContaining(['accounts', 'catalog', 'stock', 'orders', 'live']));
    expect([...files.keys()].filter((path) => path.startsWith('public/')).length).toBeGreaterThan(5);
  });

  test('has exceptions with reasons only', () => {
    expect(EXCEPTIONS.filter(({ why }) => why.trim() === '')).toEqual([]);
  });
});

describe('the check', () => {
  test('finds nothing in a house in order', () => {
    expect(checkArchitecture(new Map(Object.entries(CLEAN)), [])).toEqual([]);
  });

  test.each(PLANTED)('finds %s', (_what, kind, file, source) => {
    const offences = checkArchitecture(new Map([...Object.entries(CLEAN), [file, source]]), []);
    expect(offences.map((offence) => [offence.kind, offence.file])).toContainEqual([kind, file]);
  });

  test('excuses an exception, and finds one that nothing needs', () => {
    const exception = {
      kind: 'suffix_import',
      file: 'server/catalog/x.rules.ts',
      what: 'node:fs',
      why: 'for this test',
    } as const;
    const planted = new Map([
      ...Object.entries(CLEAN),
      [exception.file, `import { readFileSync } from 'node:fs';`],
    ]);
    expect(checkArchitecture(planted, [exception])).toEqual([]);
    expect(checkArchitecture(new Map(Object.entries(CLEAN)), [exception])).toMatchObject([
      { kind: 'stale_exception', file: exception.file },
    ]);
  });
});
