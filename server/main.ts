import { loadDemo } from '../seeds/load.ts';
import { createContext } from './context.ts';
import { ConfigError, describeSettings, readConfig, type Config } from './platform/config.ts';
import { EngineError, IndexConflictError } from './platform/db/index.ts';
import { openShop } from './shop.ts';

/** After this long the process ends, whatever is still under way. */
const SHUTDOWN_MS = 9_500;

const HELP = `Shanxiang: the shop and live studio of farm cooperatives.

  npm start               serve
  npm run seed            put the demonstration catalog into an empty database
  npm run audit           prove that ledger, balances, holds and orders agree
  npm run trace:verify    prove that no event of any lot was changed, and that units and stock agree
  npm start -- --help     this text

Settings come from the environment (or an .env file read by your process manager):

`;

async function main(args: string[]) {
  if (args.includes('--help')) {
    process.stdout.write(`${HELP}${describeSettings()}\n`);
    return;
  }
  const config = readConfig(process.env);
  if (args[0] === 'seed') await seed(config);
  else if (args[0] === 'audit') await audit(config);
  else if (args[0] === 'trace:verify') await verifyTrace(config);
  else await serve(config);
}

async function seed(config: Config) {
  const ctx = await createContext(config);
  const loaded = await loadDemo(ctx);
  process.stdout.write(
    loaded ? 'The demonstration shop is in.\n' : 'The database is not empty: nothing done.\n',
  );
  await ctx.dispose();
}

/** Exit code 1 when anything differs, so that a timer can call for help. */
async function audit(config: Config) {
  const ctx = await createContext(await beside(config));
  const differences = await ctx.orders.audit();
  for (const { kind, lot, order, detail } of differences) {
    process.stdout.write(`${kind} ${lot ? `lot ${lot}` : `order ${order ?? ''}`}: ${detail}\n`);
  }
  process.stdout.write(
    differences.length === 0
      ? 'Ledger, balances, holds and orders agree.\n'
      : `${differences.length} differences.\n`,
  );
  await ctx.dispose();
  process.exitCode = differences.length === 0 ? 0 : 1;
}

/** Exit code 1 when something is not as it was written; the first thing that was changed comes first. */
async function verifyTrace(config: Config) {
  const ctx = await createContext(await beside(config));
  const { lots, findings } = await ctx.verifier.verify();
  for (const { kind, where, seq, detail } of findings) {
    process.stdout.write(`${kind} ${where}${seq === undefined ? '' : ` event ${seq}`}: ${detail}\n`);
  }
  process.stdout.write(
    findings.length === 0
      ? `The roads of ${lots} lots are as they were written.\n`
      : `${findings.length} findings.\n`,
  );
  await ctx.dispose();
  process.exitCode = findings.length === 0 ? 0 : 1;
}

/** The engine of a shop that runs on this machine is joined; else it is started for the moment. */
async function beside(config: Config): Promise<Config> {
  if (config.mongodbUri) return config;
  const joined: Config = { ...config, engineJoin: '1' };
  const probe = await createContext(joined).catch((error: unknown) => {
    if (error instanceof EngineError && error.code === 'engine_not_running') return undefined;
    throw error;
  });
  await probe?.dispose();
  return probe ? joined : config;
}

async function serve(config: Config) {
  const shop = await openShop(config, {
    async prepare(ctx) {
      if (config.mongodbUri || config.nodeEnv === 'production') return;
      if (await loadDemo(ctx)) {
        process.stdout.write('An empty database: the demonstration shop with its running live was put in.\n');
      }
    },
    onLost: (error) => fail(error),
  });

  const stop = (signal: string) => {
    shop.ctx.log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
    shop.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);

  if (!config.mongodbUri) process.stdout.write(`Embedded database in ${config.dataDir}.\n`);
  process.stdout.write(`Shanxiang is open at ${shop.url}\n`);
}

/** What went wrong, in a sentence where we know it. */
function fail(error: unknown): never {
  const known =
    error instanceof ConfigError || error instanceof EngineError || error instanceof IndexConflictError;
  if (known) process.stderr.write(`${error.message}\n`);
  else if (isAddressInUse(error)) {
    process.stderr.write(`Port ${error.port} is taken: set PORT to another one, or 0 for any free one.\n`);
  } else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
}

function isAddressInUse(error: unknown): error is { port: number } {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

main(process.argv.slice(2)).catch(fail);
