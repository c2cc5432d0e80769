import type { PlayAddress } from '../../server/video/encoders/play.events.ts';
import { need, pageData } from '../lib/page-data.ts';
import { playFrom } from '../lib/video/elsewhere.ts';

/** A live that a media server elsewhere carries, inside of the small player, which hears from here whether it moves. */
const video = need<HTMLVideoElement>('[data-video]');
video.muted = true;
playFrom(pageData<PlayAddress[]>('play'), {
  live: video.dataset['live'] ?? '',
  video,
  show: (state) => parent.postMessage({ mini: state }, location.origin),
});
