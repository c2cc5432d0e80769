/** How far behind what has arrived the picture is shown, in seconds; more on a line that stumbles. */
const LEAST_LAG = 0.12;
const MOST_LAG = 1.5;
const JUMP_LAG = 3;
const TICK_MS = 100;
/** After so long without a stumble a little of the lag is given back. */
const CALM_MS = 10_000;

interface Hooks {
  /** The picture goes on. */
  moved(): void;
  /** What arrives is not what is being played: begin anew. */
  lost(): void;
  isFed(): boolean;
}

/** Keeps a video at the live edge: a little faster when behind, a jump when far behind or before a gap. */
export function chase(video: HTMLVideoElement, hooks: Hooks) {
  let lag = LEAST_LAG;
  let lastStumble = performance.now();
  let lastTime = 0;
  let lostSince = 0;

  const stumbled = () => {
    if (video.seeking || video.paused) return;
    lag = Math.min(MOST_LAG, lag + 0.15);
    lastStumble = performance.now();
  };
  video.addEventListener('waiting', stumbled);

  const timer = setInterval(() => {
    const now = performance.now();
    if (video.currentTime !== lastTime && !video.paused && video.readyState >= 3) hooks.moved();
    lastTime = video.currentTime;
    const { buffered } = video;
    if (buffered.length === 0) return;
    const start = buffered.start(buffered.length - 1);
    const end = buffered.end(buffered.length - 1);
    const behind = end - video.currentTime;
    if (video.currentTime < start - 0.05 || behind > JUMP_LAG + lag) {
      // Before a gap, or long asleep: what was missed is not caught up with.
      if (end - start > 0.05) video.currentTime = Math.max(start, end - lag);
    } else if (behind < -1 && hooks.isFed()) {
      lostSince ||= now;
      if (now - lostSince > 1_000) hooks.lost();
    } else lostSince = 0;
    if (video.paused && !document.hidden && video.readyState >= 2) void video.play().catch(() => {});
    video.playbackRate = behind > lag + 0.6 ? 1.15 : behind > lag + 0.15 ? 1.05 : 1;
    if (now - lastStumble > CALM_MS && lag > LEAST_LAG) {
      lag = Math.max(LEAST_LAG, lag - 0.05);
      lastStumble = now;
    }
  }, TICK_MS);

  return {
    stop() {
      clearInterval(timer);
      video.removeEventListener('waiting', stumbled);
    },
  };
}
