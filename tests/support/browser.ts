import { chromium, type Browser } from 'playwright-core';
import { describe, inject } from 'vitest';

/** A shop page is drawn by the processor: nothing is gained by a GPU, a sandbox or calls home. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where the browser is; global-browser.ts has looked for it, and has said so when there is none. */
const executablePath = inject('chromium');

/** @param more arguments besides the usual ones */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath, args: [...ARGS, ...more] });
}

/** `describe` for what needs a browser; left out where there is none. */
export const describeInBrowser = describe.skipIf(executablePath === '');
