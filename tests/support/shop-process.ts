import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../server/platform/root.ts';

/** A shop in a process of its own, as `npm start` runs it, so that it can be killed. */
export interface ShopProcess {
  url: string;
  child: ChildProcess;
  /** SIGKILL: nothing is finished, nothing is closed. */
  kill(): Promise<void>;
  /** SIGTERM. @returns the exit code */
  stop(): Promise<number | null>;
}

export async function startShopProcess(
  env: Record<string, string>,
  nodeArgs: readonly string[] = [],
): Promise<ShopProcess> {
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=64', ...nodeArgs, '--import', 'tsx', join(ROOT, 'server/main.ts')],
    {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORT: '0',
        HOST: '127.0.0.1',
        LOG_LEVEL: 'warn',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const url = await address(child, exited);
  return {
    url,
    child,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function address(child: ChildProcess, exited: Promise<number | null>): Promise<string> {
  let output = '';
  const found = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        output += data.toString();
        const match = /open at (http:\/\/\S+)/.exec(output);
        if (match?.[1]) resolve(match[1].replace('localhost', '127.0.0.1'));
      });
    }
  });
  const ended = exited.then((code) => {
    throw new Error(`the shop ended with ${code}: ${output}`);
  });
  ended.catch(() => {});
  return Promise.race([found, ended]);
}
