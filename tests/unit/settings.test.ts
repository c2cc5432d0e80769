import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { describeSettings, readConfig } from '../../server/platform/config.ts';
import { ROOT } from '../../server/platform/root.ts';

const example = readFileSync(join(ROOT, '.env.example'), 'utf8');
const [header = '', ...settings] = example.split('\n\n');

test('.env.example is what --help prints, below a header of comments', () => {
  expect(header.split('\n').filter((line) => !line.startsWith('#'))).toEqual([]);
  expect(settings.join('\n\n')).toBe(`${describeSettings()}\n`);
});

test('.env.example changes nothing as it is, and shows values that can be used', () => {
  expect(parseEnv(example)).toEqual({});
  const uncommented = parseEnv(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
  expect(Object.keys(uncommented).length).toBeGreaterThan(10);
  expect(readConfig(uncommented as Record<string, string>)).toEqual(readConfig({}));
});
