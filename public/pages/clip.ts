import { need } from '../lib/page-data.ts';
import { attachHls } from '../lib/video/hls.ts';

/** One product's showing, cut out of a live. */
const video = need<HTMLVideoElement>('[data-clip]');
void attachHls(video, video.dataset['clip'] ?? '', {
  live: false,
  failed: () => (need('[data-clip-error]').hidden = false),
});
