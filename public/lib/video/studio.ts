import { createAdaptation, LOW_BITS } from './adapt.ts';
import { openSource, readFrames, readSound, type Wish } from './capture.ts';
import { encodeSound, encodeVideo, type SoundEncoding, type VideoEncoding } from './encode.ts';
import { placeToPublish, publishWhip, type Outside } from './whip.ts';
import { openUplink, type Heard, type Uplink, type UplinkState } from './uplink.ts';

/** What the console may show of a stream. Told once a second as the event `studio:health` on the document. */
export interface Health {
  state: UplinkState | 'preview' | 'refused';
  bitsPerSecond: number;
  /** Pictures left out, because the machine or the line was too slow. */
  dropped: number;
  /** Milliseconds from the picture to the server. */
  delayMs: number;
  viewers: number;
  recording: boolean;
  width: number;
  height: number;
  low: boolean;
  /** A media server elsewhere carries it: who watches and what is kept is known there. */
  elsewhere: boolean;
}

const FRAME_RATE = 30;

export type Studio = ReturnType<typeof createStudio>;

/** A host's camera on its way: preview, pictures and sound encoded, and the line that carries them. */
export function createStudio(preview: HTMLVideoElement, live: string) {
  let stream: MediaStream | undefined;
  let stops: (() => void)[] = [];
  let high: VideoEncoding | undefined;
  let low: VideoEncoding | undefined;
  let sound: SoundEncoding | undefined;
  let uplink: Uplink | undefined;
  let outside: Outside | undefined;
  let going = false;
  const adaptation = createAdaptation(navigator.hardwareConcurrency ?? 2);
  let dropped = 0;
  let muted = false;
  let state: Health['state'] = 'preview';
  let lastHeard: Heard = { viewers: 0, recording: true, behind: 0, bitsPerSecond: 0 };

  function tellHealth() {
    const { viewers, recording, behind, bitsPerSecond } = lastHeard;
    const detail: Health = {
      ...{
        state,
        viewers,
        recording,
        bitsPerSecond: Math.round(bitsPerSecond),
        delayMs: Math.round(behind * 1000),
      },
      ...{
        dropped: dropped + (uplink?.left() ?? 0),
        low: low !== undefined,
        elsewhere: outside !== undefined,
      },
      ...{ width: preview.videoWidth, height: preview.videoHeight },
    };
    document.dispatchEvent(new CustomEvent('studio:health', { detail }));
  }

  function adapt(heard: Heard) {
    lastHeard = heard;
    const longSide = Math.max(preview.videoWidth, preview.videoHeight);
    const wanted = adaptation.heard({ behind: heard.behind, waiting: high?.waiting() ?? 0, longSide });
    high?.bitrate(wanted.bits);
    if (!wanted.low) dropLow();
    else if (!low && uplink) addLow();
  }

  function addLow() {
    low = encodeVideo({
      ...{ longSide: 640, bitrate: LOW_BITS, frameRate: FRAME_RATE / 2 },
      config: (config) => uplink?.configure({ low: config }),
      out: (encoded) => uplink?.send('low', encoded),
      dropped: () => {},
      failed() {
        adaptation.withoutLow();
        dropLow();
      },
    });
  }

  function dropLow() {
    if (!low) return;
    low.close();
    low = undefined;
    uplink?.configure({ low: undefined });
  }

  function take(frame: VideoFrame, atUs: number) {
    if (!high) return frame.close();
    if (low) low.push(frame.clone(), atUs);
    high.push(frame, atUs);
  }

  /** Everything that depends on the stream; the line stays. */
  async function connect(wish: Wish) {
    const fresh = await openSource(wish);
    release();
    stream = fresh;
    outside?.use(fresh);
    preview.srcObject = fresh;
    preview.muted = true;
    await preview.play().catch(() => {});
    const [picture] = fresh.getVideoTracks();
    const [voice] = fresh.getAudioTracks();
    if (picture) stops.push(readFrames(picture, preview, take));
    if (voice) {
      voice.enabled = !muted;
      stops.push(readSound(voice, (piece, atUs) => sound?.push(piece, atUs)));
    }
    picture?.addEventListener('ended', () => document.dispatchEvent(new CustomEvent('studio:ended')));
  }

  function release() {
    for (const stop of stops) stop();
    stops = [];
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
  }

  const timer = setInterval(tellHealth, 1_000);

  function enter(next: Health['state']) {
    state = next;
    tellHealth();
    if (next === 'taken' || next === 'over' || next === 'refused') {
      document.dispatchEvent(new CustomEvent(`studio:${next}`));
    }
  }

  return {
    /** Camera or screen into the preview; on air it changes what is sent. @throws DOMException */
    connect,
    isConnected: () => stream !== undefined,
    isOnAir: () => uplink !== undefined || outside !== undefined,
    isElsewhere: () => outside !== undefined,

    /** From now on everybody sees it: by way of the shop, or of the media server that the live was handed over to. */
    async goOnAir() {
      if (uplink || outside || going || !stream) return;
      going = true;
      const place = await placeToPublish(live).finally(() => (going = false));
      if (!stream) return;
      if (place.at === 'whip') {
        outside = publishWhip(live, stream, { state: enter, heard: (heard) => (lastHeard = heard) });
        return;
      }
      const line = openUplink(
        live,
        {
          state: enter,
          heard: adapt,
          key() {
            high?.wantKey();
            low?.wantKey();
          },
        },
        (stream?.getAudioTracks().length ?? 0) > 0,
      );
      uplink = line;
      const sounding = encodeSound({
        config: (audio) => line.configure({ audio }),
        out: (encoded) => line.send('audio', encoded),
      }).catch(() => undefined);
      high = encodeVideo({
        ...{ longSide: 1280, bitrate: adaptation.bits(), frameRate: FRAME_RATE },
        config: (video) => line.configure({ video }),
        out: (encoded) => line.send('video', encoded),
        dropped: () => void (dropped += 1),
        failed: () => document.dispatchEvent(new CustomEvent('studio:failed')),
      });
      const made = await sounding;
      if (uplink === line) sound = made;
      else made?.close();
    },
    goOffAir() {
      uplink?.stop();
      outside?.stop();
      uplink = undefined;
      outside = undefined;
      high?.close();
      low?.close();
      sound?.close();
      [high, low, sound] = [undefined, undefined, undefined];
      state = 'preview';
      tellHealth();
    },
    mute(is: boolean) {
      muted = is;
      for (const track of stream?.getAudioTracks() ?? []) track.enabled = !is;
    },
    close() {
      clearInterval(timer);
      uplink?.stop();
      outside?.stop();
      release();
    },
  };
}
