import type { PlayAddress } from '../../../server/video/encoders/play.events.ts';
import { playHls } from './hls.ts';
import { play, type Player, type PlayerOptions, type PlayerState } from './player.ts';
import { playWhep } from './whep.ts';

/** Without a moving picture for so long, the next address is tried. */
const PATIENCE_MS = 10_000;

/** Plays from where the live was handed over to, one address after the other; from the shop when it was not. */
export function playFrom(addresses: readonly PlayAddress[], options: PlayerOptions): Player {
  if (addresses.length === 0) return play(options);
  let turn = 0;
  let current: Player | undefined;
  let lastPlaying = performance.now();

  function show(state: PlayerState, now: Parameters<PlayerOptions['show']>[1]) {
    if (state === 'playing') lastPlaying = performance.now();
    options.show(state, now);
  }

  function begin() {
    const { type, url } = addresses[turn % addresses.length]!;
    turn += 1;
    lastPlaying = performance.now();
    const mine = { ...options, show };
    current = type === 'whep' ? playWhep(mine, url) : playHls(mine, url);
  }

  const watch = setInterval(() => {
    if (performance.now() - lastPlaying < PATIENCE_MS) return;
    current?.stop();
    begin();
  }, 1_000);
  begin();

  return {
    choose: () => {},
    stop() {
      clearInterval(watch);
      current?.stop();
    },
  };
}
