import type { PlayAddress } from '../../server/video/encoders/play.events.ts';
import type { WireRendition } from '../../server/video/watch.events.ts';
import { keepMini } from '../lib/mini.ts';
import { need, pageData } from '../lib/page-data.ts';
import { playFrom } from '../lib/video/elsewhere.ts';
import type { Player, PlayerState } from '../lib/video/player.ts';
import { startReplay } from '../lib/video/replay.ts';

/** The pictures of a live in its room: while it runs as they come, afterwards from the recording. */
const room = need('[data-room]');
const stage = need('[data-stage]');
const live = stage.dataset['live'] ?? '';
const video = need<HTMLVideoElement>('[data-video]', stage);
const soundButton = need<HTMLButtonElement>('[data-sound]');
const quality = need<HTMLSelectElement>('[data-quality]');
const moment = need('[data-moment]');
/** A live that was handed over to a media server says where it is watched. */
const elsewhere = document.getElementById('play') !== null;

let player: Player | undefined;
let replay: { stop(): void } | undefined;
/** The live ended while this page was open. */
let sawEnd = false;
const watchButton = need<HTMLButtonElement>('[data-watch-replay]');

function show(state: PlayerState, { rendition }: { rendition: WireRendition | undefined }) {
  stage.dataset['player'] = state;
  stage.toggleAttribute('data-sound-only', rendition === 'sound');
  if (state === 'playing') stage.toggleAttribute('data-shown', true);
  // Before the first picture there is nothing to come back: the poster is the room's face.
  moment.hidden = !(
    state === 'moment' &&
    room.dataset['state'] === 'live' &&
    stage.hasAttribute('data-shown')
  );
  soundButton.hidden = state !== 'playing' || !video.muted;
}

/** The room's state is the page's business; what is played follows it. */
function follow() {
  const state = room.dataset['state'];
  if (state === 'live') {
    replay?.stop();
    replay = undefined;
    player ??= playFrom(elsewhere ? pageData<PlayAddress[]>('play') : [], {
      live,
      video,
      show,
      offered(renditions, size) {
        if (size?.width) stage.dataset['shape'] = size.height >= size.width ? 'portrait' : 'landscape';
        for (const option of quality.options) {
          const name = option.value as WireRendition | 'auto';
          option.disabled = name !== 'auto' && !renditions.includes(name);
        }
        need('[data-quality-choice]').hidden = false;
      },
    });
    return;
  }
  sawEnd ||= player !== undefined && state === 'ended';
  // What comes next is seen from its own first picture on, whatever was chosen of the live.
  if (player) for (const mark of ['data-sound-only', 'data-shown']) stage.removeAttribute(mark);
  if (state === 'ended') forgetPast();
  player?.stop();
  player = undefined;
  moment.hidden = true;
  need('[data-quality-choice]').hidden = true;
  if (state === 'ended') {
    soundButton.hidden = true;
    replay ??= startReplay({ live, stage, video, found: wished });
  }
}

/** Whoever saw the end is told so, and what comes next: the replay begins when they want it. At once for others. */
async function wished() {
  if (sawEnd) await tapOnReplay();
  video.addEventListener('ended', () => void again());
}

async function again() {
  await tapOnReplay();
  video.currentTime = 0;
  void video.play().catch(() => {});
}

async function tapOnReplay() {
  room.toggleAttribute('data-face', true);
  watchButton.hidden = false;
  await new Promise((resolve) => watchButton.addEventListener('click', resolve, { once: true }));
  room.toggleAttribute('data-face', false);
}

/** What was to come when the page was drawn may be over by now, too. */
function forgetPast() {
  const links = [...document.querySelectorAll<HTMLElement>('[data-starts-at]')];
  for (const link of links) link.hidden = Date.parse(link.dataset['startsAt'] ?? '') < Date.now();
  const next = document.querySelector<HTMLElement>('[data-next]');
  if (next) next.hidden = links.every(({ hidden }) => hidden);
}

soundButton.addEventListener('click', () => {
  video.muted = false;
  soundButton.hidden = true;
  void video.play().catch(() => (video.muted = true));
});
quality.addEventListener('change', () => player?.choose(quality.value as WireRendition | 'auto'));
new MutationObserver(follow).observe(room, { attributes: true, attributeFilter: ['data-state'] });
video.muted = true;
follow();

// Here it is large again; whoever leaves while it plays takes it along into the shop.
keepMini(undefined);
addEventListener('pageshow', () => keepMini(undefined));
addEventListener('pagehide', () => {
  const plays = stage.hasAttribute('data-shown') && !video.paused;
  const kind = room.dataset['state'] === 'live' ? 'live' : 'replay';
  const isReplayed = room.hasAttribute('data-replay') && !room.hasAttribute('data-face');
  if (!plays || !(kind === 'live' ? player : isReplayed)) return;
  const cover = need<HTMLImageElement>('img', stage);
  keepMini({
    ...{ live, kind, muted: video.muted, at: video.currentTime, elsewhere },
    ...{ title: need('h1', room).textContent ?? '', poster: cover.currentSrc || cover.src },
    shape: video.videoWidth > video.videoHeight ? 'landscape' : 'portrait',
  });
});
