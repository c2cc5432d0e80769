/**
 * The built-in database: a real MongoDB engine for whoever has not set MONGODB_URI. It suits trying things
 * out, tests and small single-machine shops; see docs/decisions/002-embedded-engine.md for its limits.
 */
import { joinEngine } from './guest.ts';
import { ownEngine } from './owner.ts';
import type { Engine, EngineOptions } from './types.ts';

export {
  EngineError,
  EngineFailedError,
  EngineInUseError,
  EngineLostError,
  EngineNotRunningError,
  EngineUnsupportedError,
  type EngineErrorCode,
} from './errors.ts';

export type { Engine, EngineLog, EngineOptions } from './types.ts';

/**
 * Opens the engine of `dataDir`. Rejects with an `EngineError`: `engine_unsupported` (this machine or its
 * installation), `engine_in_use` (own, and somebody else does), `engine_not_running` (join, and nobody
 * does), `engine_failed` (anything else). Always write with `j: true` what somebody was told happened.
 */
export function openEngine(options: EngineOptions): Promise<Engine> {
  return options.mode === 'own' ? ownEngine(options) : joinEngine(options);
}
