import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where Chromium is; empty when this machine has none. */
    chromium: string;
  }
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const FOLDERS = ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Looks for a browser once for all test files. Without one they are left out, which is said and is no failure. */
export default function setup(project: TestProject) {
  const path = findChromium(process.env);
  if (path === undefined) {
    console.warn('Browser tests were left out: no Chromium found (set CHROMIUM_PATH to have them run).');
  }
  project.provide('chromium', path ?? '');
}

/**
 * The browser of this machine: `CHROMIUM_PATH`, else the first of the usual names.
 *
 * @throws Error when `CHROMIUM_PATH` names no program: whoever set it wants that one and no other
 */
function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const wanted = env['CHROMIUM_PATH'];
  if (wanted) {
    if (!isProgram(wanted)) throw new Error(`CHROMIUM_PATH names no program: ${wanted}`);
    return wanted;
  }
  const folders = new Set([...(env['PATH'] ?? '').split(delimiter).filter(Boolean), ...FOLDERS]);
  const places = NAMES.flatMap((name) => [...folders].map((folder) => join(folder, name)));
  return [...places, ...ELSEWHERE].find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
