import type { EngineError } from './errors.ts';

/** Fits a pino logger. No document, and nothing of the environment, is ever passed to it. */
export interface EngineLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface EngineOptions {
  /** The engine keeps its files in `db` below it, its address in `engine.json`, its sockets in `run`. */
  readonly dataDir: string;
  /** `own` starts the engine; `join` uses the one that another process of this machine owns. */
  readonly mode: 'own' | 'join';
  readonly log: EngineLog;
  /**
   * Called once when an owned engine keeps dying and is given up. Until then it is started again by itself;
   * writes in flight fail with a network error and later ones wait for it as long as the driver lets them.
   */
  readonly onLost?: (error: EngineError) => void;
  /** Another name for the npm package of the engine; tests use it. */
  readonly packageName?: string;
}

export interface Engine {
  /** For any driver on this machine; stays the same when the engine has to be started again. */
  readonly uri: string;
  /**
   * Owner: closes the engine, waits until its process is gone, and releases the folder; close connections
   * first. Takes up to 5 s. Guest: does nothing. May be called again.
   */
  close(): Promise<void>;
}
