import type { Choice } from '../../server/video/watch.events.ts';
import { keepMini, type Mini } from './mini.ts';
import { need } from './page-data.ts';
import { attachHls } from './video/hls.ts';
import { play, type PlayerState } from './video/player.ts';

/** While no picture moves, the shop is asked this often whether the live still runs. */
const ASK_MS = 10_000;
/** How long the end is told before the corner is empty again. */
const OVER_MS = 12_000;

/** Plays in the corner what was left in a room, leads back to it, and goes when it is told to or the live is over. */
export function startMiniPlayer(mini: Mini) {
  const template = need<HTMLTemplateElement>('#mini-player');
  const corner = need('[data-mini]', template.content.cloneNode(true) as DocumentFragment);
  const part = <E extends HTMLElement = HTMLElement>(name: string) => need<E>(`[data-mini-${name}]`, corner);
  let video = need<HTMLVideoElement>('video', corner);
  const sound = part<HTMLButtonElement>('sound');
  let stopPlaying = () => {};
  let moving = false;
  let askTimer: ReturnType<typeof setInterval> | undefined;

  corner.dataset['kind'] = mini.kind;
  corner.dataset['shape'] = mini.shape;
  part<HTMLImageElement>('poster').src = mini.poster;
  part('title').textContent = mini.title;
  for (const link of corner.querySelectorAll<HTMLAnchorElement>('a')) link.href = `/live/${mini.live}`;
  part('close').addEventListener('click', leave);
  sound.addEventListener('click', () => void unmute());
  part('back').addEventListener('click', (event) => {
    if (mini.kind !== 'replay' || event.ctrlKey || event.metaKey) return;
    // Back to the second that is on the screen, not to the beginning.
    (event.currentTarget as HTMLAnchorElement).href = `/live/${mini.live}#t=${Math.floor(video.currentTime)}`;
  });
  addEventListener('pagehide', remember);
  document.body.append(corner);
  video.muted = true;
  if (mini.kind === 'replay') void playReplay();
  else {
    void ask();
    // Elsewhere it may go on although the live is over here.
    askTimer = setInterval(() => (moving && !mini.elsewhere) || void ask(), ASK_MS);
    if (mini.elsewhere) playElsewhere();
    else playLive();
  }

  function playLive() {
    const player = play({
      ...{ live: mini.live, video },
      show: (state, { rendition }) => show(state, rendition !== 'sound'),
      // So small, the smaller pictures are as good.
      offered(renditions) {
        const wish: Choice = renditions.includes('low') ? 'low' : 'auto';
        if (wish !== choice) player.choose((choice = wish));
      },
    });
    let choice: Choice = 'auto';
    stopPlaying = player.stop;
  }

  function show(state: PlayerState, hasPictures: boolean) {
    moving = state === 'playing';
    corner.toggleAttribute('data-moving', moving && hasPictures);
    if (state === 'over') over();
    else if (moving) began();
  }

  /** In a page of its own, for this page may not connect to where it is; that page says how it goes. */
  function playElsewhere() {
    const frame = document.createElement('iframe');
    frame.className = 'mini__video';
    frame.tabIndex = -1;
    frame.setAttribute('aria-hidden', 'true');
    frame.src = `/live/${mini.live}/mini`;
    const hear = ({ source, origin, data }: MessageEvent<{ mini?: PlayerState }>) => {
      const inside = frame.contentDocument?.querySelector('video');
      if (source !== frame.contentWindow || origin !== location.origin || !data.mini || !inside) return;
      video = inside;
      show(data.mini, true);
    };
    addEventListener('message', hear);
    video.replaceWith(frame);
    stopPlaying = () => {
      removeEventListener('message', hear);
      frame.remove();
    };
  }

  async function playReplay() {
    const attached = await attachHls(video, `/video/replay/${mini.live}.m3u8`, {
      live: false,
      failed: (status) => status === 404 && leave(),
    });
    stopPlaying = attached.stop;
    video.addEventListener('loadedmetadata', () => (video.currentTime = mini.at), { once: true });
    video.addEventListener('playing', () => {
      corner.toggleAttribute('data-moving', true);
      began();
    });
    video.addEventListener('ended', leave);
    void video.play().catch(() => {});
  }

  let hasBegun = false;
  /** With sound, where the room had it and the browser allows it on a page that nobody has touched yet. */
  function began() {
    if (hasBegun) return;
    hasBegun = true;
    if (mini.muted) sound.hidden = false;
    else void unmute();
  }

  async function unmute() {
    video.muted = false;
    try {
      await video.play();
    } catch {
      video.muted = true;
      void video.play().catch(() => {});
    }
    mini.muted = video.muted;
    sound.hidden = !video.muted;
  }

  async function ask() {
    const answer = await fetch(`/api/lives/${mini.live}`, { headers: { Accept: 'application/json' } }).catch(
      () => undefined,
    );
    if (answer?.status === 404) return leave();
    if (!answer?.ok) return;
    const { state } = (await answer.json()) as { state: string };
    if (state === 'ended') over();
  }

  function over() {
    stop();
    corner.removeAttribute('data-moving');
    corner.toggleAttribute('data-over', true);
    part('over').hidden = false;
    sound.hidden = true;
    setTimeout(() => corner.remove(), OVER_MS);
  }

  function remember() {
    keepMini({ ...mini, at: video.currentTime });
  }

  /** Nothing of it goes along to the next page. */
  function stop() {
    removeEventListener('pagehide', remember);
    keepMini(undefined);
    clearInterval(askTimer);
    stopPlaying();
    stopPlaying = () => {};
  }

  function leave() {
    stop();
    corner.remove();
  }
}
