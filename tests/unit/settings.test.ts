import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { describeSettings, readConfig } from '../../server/platform/config.ts';
import { ROOT } from '../../server/platform/root.ts';

const FILE = join(ROOT, '.env.example');

const HEADER = `# The settings of the shop. It reads the environment and no file: copy this to .env for whatever starts the shop, e.g.
# node --env-file=.env dist/server/main.js. What begins with "#NAME=" shows what holds when NAME is not set.
# Made from server/platform/config.ts: npx vitest run --project unit tests/unit/settings.test.ts -u
`;

test('.env.example is what --help prints, below a header', async () => {
  await expect(`${HEADER}\n${describeSettings()}\n`).toMatchFileSnapshot(FILE);
});

test('.env.example changes nothing as it is, and shows values that can be used', () => {
  const example = readFileSync(FILE, 'utf8');
  expect(parseEnv(example)).toEqual({});
  const uncommented = parseEnv(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
  expect(Object.keys(uncommented).length).toBeGreaterThan(10);
  expect(readConfig(uncommented as Record<string, string>)).toEqual(readConfig({}));
});
