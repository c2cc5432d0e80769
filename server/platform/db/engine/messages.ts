/** What the shop and its engine process say to each other. */

export interface OpenCommand {
  readonly type: 'open';
  readonly dataDir: string;
  readonly dbDir: string;
  readonly runDir: string;
  readonly socket: string;
  readonly stateFile: string;
  /** The shop's own process. */
  readonly ownerPid: number;
  readonly packageName: string;
}

export type ToChild = OpenCommand | { readonly type: 'close' };

export type FromChild =
  | { readonly type: 'ready' }
  /** Another process holds the folder; the child goes on asking until it is told to close. */
  | { readonly type: 'busy' }
  /** `unsupported`: no try can succeed on this machine. `failed`: this one did not. */
  | { readonly type: 'unsupported' | 'failed'; readonly detail: string };
