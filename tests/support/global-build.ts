import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../server/platform/root.ts';

/** Pages need their bundles. */
export default function setup() {
  execFileSync(process.execPath, [join(ROOT, 'scripts/build.mjs'), '--browser'], { stdio: 'inherit' });
}
