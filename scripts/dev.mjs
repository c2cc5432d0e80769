// Serves the shop while you work on it: builds again and starts anew whenever a source changes.
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const WATCHED = ['server', 'seeds', 'public', 'views', 'locales'];

/** Editors write a file in several steps, and a change of branch writes many. */
const QUIET_MS = 150;

let server;
let timer;
let working = false;
let again = false;
let leaving = false;

for (const folder of WATCHED) {
  watch(join(root, folder), { recursive: true }, (_event, file) => {
    // The build writes there itself.
    if (folder === 'public' && /^build([\\/]|$)/.test(String(file))) return;
    clearTimeout(timer);
    timer = setTimeout(() => void turn(), QUIET_MS);
  });
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    leaving = true;
    void stop().then(() => process.exit(0));
  });
}

await turn();

/** One round at a time; what changes meanwhile makes another. */
async function turn() {
  again = true;
  if (working) return;
  working = true;
  while (again && !leaving) {
    again = false;
    const built = await ended(node('scripts/build.mjs'));
    // A build that fails leaves the running server alone: the mistake is on the screen.
    if (built !== 0 || again || leaving) continue;
    await stop();
    if (!leaving) server = node('dist/server/main.js');
  }
  working = false;
}

async function stop() {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const gone = ended(server);
  server.kill('SIGTERM');
  await gone;
}

function node(script) {
  return spawn(process.execPath, [join(root, script)], { cwd: root, stdio: 'inherit' });
}

function ended(child) {
  return new Promise((resolve) => child.once('exit', resolve));
}
