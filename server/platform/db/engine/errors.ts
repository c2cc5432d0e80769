/**
 * What can go wrong with the built-in database. Each `message` is the one sentence a person sees: what
 * happened and what to do. Programs look at `code`.
 */

export const HOW_TO_USE_A_SERVER =
  'set MONGODB_URI to a MongoDB server, for example mongodb://127.0.0.1:27017/shanxiang after ' +
  '"docker run -d -p 27017:27017 mongo:8", or a hosted one from mongodb.com/atlas';

export type EngineErrorCode =
  'engine_unsupported' | 'engine_in_use' | 'engine_not_running' | 'engine_failed' | 'engine_lost';

export class EngineError extends Error {
  override name = 'EngineError';
  readonly code: EngineErrorCode;

  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** This machine cannot run the engine, or the optional package that holds it is not installed. */
export class EngineUnsupportedError extends EngineError {
  override name = 'EngineUnsupportedError';

  constructor(reason: string, options?: ErrorOptions) {
    super(
      'engine_unsupported',
      `The built-in database cannot run here because ${reason}: ${HOW_TO_USE_A_SERVER}.`,
      options,
    );
  }
}

/** Another process holds this data folder. `pid` is null while that process has not said who it is. */
export class EngineInUseError extends EngineError {
  override name = 'EngineInUseError';
  readonly pid: number | null;

  constructor(holder: { pid: number | null; dataDir: string; stateFile: string }) {
    const who = holder.pid === null ? 'another process' : `process ${holder.pid}`;
    super(
      'engine_in_use',
      `The built-in database in ${holder.dataDir} is in use by ${who}: stop it, give this process another ` +
        `DATA_DIR, or join the running one by setting MONGODB_URI to the "uri" written in ${holder.stateFile}.`,
    );
    this.pid = holder.pid;
  }
}

/** Somebody wanted to join an engine that nobody runs. */
export class EngineNotRunningError extends EngineError {
  override name = 'EngineNotRunningError';

  constructor(dataDir: string) {
    super(
      'engine_not_running',
      `No running shop holds the built-in database in ${dataDir}: start the shop there first, check ` +
        `DATA_DIR, or ${HOW_TO_USE_A_SERVER}.`,
    );
  }
}

/** The engine could have run here but did not: a damaged folder, no permission, a full disk. */
export class EngineFailedError extends EngineError {
  override name = 'EngineFailedError';

  constructor(dataDir: string, detail: string, options?: ErrorOptions) {
    super(
      'engine_failed',
      `The built-in database in ${dataDir} could not be opened (${detail}): check that the folder is ` +
        `yours and its disk has room, or ${HOW_TO_USE_A_SERVER}.`,
      options,
    );
  }
}

/** The engine kept dying after a good start, and the attempts to bring it back are used up. */
export class EngineLostError extends EngineError {
  override name = 'EngineLostError';

  constructor(dataDir: string, detail: string) {
    super(
      'engine_lost',
      `The built-in database in ${dataDir} keeps stopping (last: ${detail}) and was given up: restart the ` +
        `shop, or ${HOW_TO_USE_A_SERVER}.`,
    );
  }
}
