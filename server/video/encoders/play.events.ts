/** Where a live is watched when it does not come from the shop; best first. Imported by server and browser. */
export type PlayType = 'whep' | 'llhls' | 'hls';

export interface PlayAddress {
  type: PlayType;
  url: string;
}
