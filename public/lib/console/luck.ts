import { startCaptionDesk } from './caption-desk.ts';
import { startDrawDesk, type DeskDeps } from './draw-desk.ts';
import { startDropDesk } from './drop-desk.ts';

/** The host's desks for draws, coupons and subtitles. */
export function startLuckDesks(deps: DeskDeps) {
  const draws = startDrawDesk(deps);
  const drops = startDropDesk(deps);
  startCaptionDesk(deps);
  return {
    /** The line is there (again): what was missed is asked for. */
    arrived() {
      void draws.look();
      void drops.look();
    },
  };
}
