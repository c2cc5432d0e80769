import type Hls from 'hls.js';
import type { Player, PlayerOptions } from './player.ts';

/** Safari plays it by itself; elsewhere a library does, which is fetched only then. @returns a way to stop */
export async function attachHls(
  video: HTMLVideoElement,
  url: string,
  options: { live: boolean; failed?: (status: number | undefined) => void },
): Promise<{ stop(): void; library: Hls | undefined }> {
  const isNative = video.canPlayType('application/vnd.apple.mpegurl') !== '';
  const { default: Library } = await import('hls.js');
  if (!Library.isSupported()) {
    if (isNative) {
      video.src = url;
      video.addEventListener('error', () => options.failed?.(undefined), { once: true });
    }
    return { library: undefined, stop: () => void video.removeAttribute('src') };
  }
  const library = new Library({
    // Its worker is made of a blob, which the page's policy does not let run.
    enableWorker: false,
    lowLatencyMode: options.live,
    ...(options.live
      ? { backBufferLength: 20, maxLiveSyncPlaybackRate: 1.5, liveSyncOnStallIncrease: 0.3 }
      : { maxBufferLength: 30 }),
  });
  library.on(Library.Events.ERROR, (_event, { fatal, type, response }) => {
    if (!fatal) return;
    if (type === Library.ErrorTypes.MEDIA_ERROR) library.recoverMediaError();
    else options.failed?.(response?.code);
  });
  library.loadSource(url);
  library.attachMedia(video);
  if (!options.live) video.addEventListener('progress', overFirstGap);
  return {
    library,
    stop() {
      video.removeEventListener('progress', overFirstGap);
      library.destroy();
    },
  };
}

/** A recording may begin with sound before its first picture: a player that stands at zero would wait there for ever. */
function overFirstGap({ currentTarget }: Event) {
  const video = currentTarget as HTMLVideoElement;
  const { buffered, currentTime } = video;
  if (buffered.length === 0 || video.seeking) return;
  const start = buffered.start(0);
  if (currentTime < start && start < FIRST_GAP_S) video.currentTime = start + 0.01;
}

/** Longer than a slow camera takes after its microphone; a seek to somewhere else is no such gap. */
const FIRST_GAP_S = 15;

const RETRY_MS = 2_000;

/** A live by HLS: some seconds later than the others, but everywhere. */
export function playHls({ video, show }: PlayerOptions, url: string): Player {
  let stopped = false;
  let attached: { stop(): void } | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let lastTime = 0;
  let still = 0;
  show('connecting', { rendition: 'high' });

  async function begin() {
    attached?.stop();
    if (stopped) return;
    const failed = () => {
      show('moment', { rendition: 'high' });
      clearTimeout(retry);
      retry = setTimeout(() => void begin(), RETRY_MS * (0.5 + Math.random()));
    };
    attached = await attachHls(video, url, { live: true, failed });
    if (stopped) return attached.stop();
    void video.play().catch(() => {});
  }

  const watch = setInterval(() => {
    // A player that is only being set up, or anew, stands at another second, too: there is nothing to be seen yet.
    still = video.currentTime === lastTime || video.readyState < 2 ? still + 1 : 0;
    lastTime = video.currentTime;
    if (still === 0) show('playing', { rendition: 'high' });
    if (still === 8) show('moment', { rendition: 'high' });
  }, 500);
  void begin();

  return {
    choose: () => {},
    stop() {
      stopped = true;
      clearTimeout(retry);
      clearInterval(watch);
      attached?.stop();
    },
  };
}
