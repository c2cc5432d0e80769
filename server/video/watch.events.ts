/** The wire between a viewer's or a host's browser and the bus: a raw WebSocket, text for words, binary for media. */

export type WireRendition = 'high' | 'low' | 'sound';
export type Choice = 'auto' | WireRendition;

export const WATCH_PATH = '/video/watch/';
export const PUBLISH_PATH = '/video/publish/';
export const HLS_PATH = '/video/hls/';

/** To a viewer. Binary messages that follow `begin` are first its initialisation segment, then fragments. */
export type ToViewer =
  | {
      type: 'begin';
      /** A MediaSource type such as `video/mp4; codecs="avc1.42E01F,mp4a.40.2"`. */
      mime: string;
      rendition: WireRendition;
      /** Which renditions there are now. */
      offered: WireRendition[];
      width: number;
      height: number;
    }
  /** There is more or less to choose from than at the beginning; what plays goes on. */
  | { type: 'offered'; offered: WireRendition[] }
  /** Nobody is on air, or the host's line is gone for a moment. */
  | { type: 'off' };

export type FromViewer =
  /** All bytes that have arrived on this connection, every 300 ms while any come. */
  { type: 'got'; bytes: number } | { type: 'choose'; choice: Choice };

/** Close codes of both ends beyond RFC 6455's own. */
export const CLOSE = {
  /** The live's bus is another one now: come again at once. */
  moved: 4001,
  /** The live is over. */
  over: 4002,
  /** Another publisher took over. */
  taken: 4003,
  /** What was sent is not what was agreed. */
  malformed: 4004,
  /** Not even the sound arrives in time. */
  slow: 4005,
} as const;

export interface PublishedVideo {
  codec: string;
  /** avcC, in base64. */
  description: string;
  width: number;
  height: number;
}

export interface PublishedAudio {
  codec: 'mp4a.40.2' | 'opus';
  /** AudioSpecificConfig or OpusHead, in base64. */
  description: string;
  sampleRate: number;
  channels: number;
}

export interface FromPublisher {
  type: 'tracks';
  video?: PublishedVideo | undefined;
  /** The same pictures, smaller. */
  low?: PublishedVideo | undefined;
  audio?: PublishedAudio | undefined;
}

export type ToPublisher =
  | { type: 'key' }
  /** Each second: how much has arrived, and who watches; `recording` is false when nothing is kept. */
  | { type: 'heard'; bytes: number; viewers: number; recording: boolean };

/** First byte of a publisher's binary message. */
export const KIND = { video: 1, audio: 2, low: 3 } as const;
/** Kind, flags (1: key frame), duration in µs (u32), timestamp in µs (f64), all big-endian. */
export const PACKET_HEAD = 14;
