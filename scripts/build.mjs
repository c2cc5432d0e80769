// Builds the shop: the server by the TypeScript compiler, the browser's code and styles by esbuild with hashed names.
// With --browser only the latter, which is all that tests need.
import { spawn } from 'node:child_process';
import { readdir, rm, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const out = join(root, 'public/build');

/** What pages link to; the other style sheets are parts of these. */
const STYLES = ['main.css', 'room.css', 'console.css', 'frame.css'];

await Promise.all([process.argv.includes('--browser') ? undefined : buildServer(), buildBrowser()]);

async function buildServer() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json')]);
}

async function buildBrowser() {
  await mkdir(out, { recursive: true });
  const entryPoints = [
    ...(await entries('public/pages', '.ts')),
    ...STYLES.map((name) => join(root, 'public/css', name)),
  ];
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: out,
    outbase: join(root, 'public'),
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    target: ['es2020', 'chrome87', 'safari15', 'firefox90'],
    minify: true,
    sourcemap: 'linked',
    metafile: true,
    external: ['/img/*'],
    logLevel: 'warning',
  });
  const manifest = {};
  for (const [file, { entryPoint }] of Object.entries(metafile.outputs)) {
    if (entryPoint) manifest[entryPoint.replace(/^public\//, '')] = basename(file);
  }
  await writeFile(join(out, 'manifest.json'), JSON.stringify(manifest, null, 2));
  await writeFile(join(out, 'parts.json'), JSON.stringify(partsOf(metafile.outputs, manifest), null, 2));
  // Only now, and only what no page links to any more: a shop that is running goes on meanwhile.
  const made = new Set([
    'manifest.json',
    'parts.json',
    ...Object.keys(metafile.outputs).map((file) => basename(file)),
  ]);
  for (const name of await readdir(out)) if (!made.has(name)) await rm(join(out, name), { recursive: true });
}

/** All that each page's script is made of or loads later: what has to be kept for when there is no line. */
function partsOf(outputs, manifest) {
  const reached = (file, seen = new Set()) => {
    for (const { path, external } of outputs[file].imports) {
      if (external || seen.has(path) || !outputs[path]) continue;
      seen.add(path);
      reached(path, seen);
    }
    return seen;
  };
  const files = Object.keys(outputs);
  const pages = Object.entries(manifest).filter(([name]) => name.startsWith('pages/'));
  return Object.fromEntries(
    pages.map(([name, file]) => [
      name,
      [...reached(files.find((path) => basename(path) === file))].map((path) => basename(path)),
    ]),
  );
}

async function entries(folder, ending) {
  const names = await readdir(join(root, folder));
  return names.filter((name) => name.endsWith(ending)).map((name) => join(root, folder, name));
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: root });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${basename(args[0])} failed`))));
  });
}
