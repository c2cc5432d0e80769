/** How pictures and sound come into the bus, whichever way they were sent. Times are in microseconds. */

export interface VideoTrackConfig {
  /** RFC 6381, e.g. avc1.42C01F. */
  codec: string;
  /** AVCDecoderConfigurationRecord (ISO/IEC 14496-15). */
  description: Uint8Array;
  width: number;
  height: number;
}

export interface AudioTrackConfig {
  codec: 'mp4a.40.2' | 'opus';
  /** AudioSpecificConfig or OpusHead. */
  description: Uint8Array;
  sampleRate: number;
  channels: number;
}

export interface Tracks {
  video?: VideoTrackConfig;
  audio?: AudioTrackConfig;
}

export interface Packet {
  track: 'video' | 'audio';
  /** When it is shown. */
  timestampUs: number;
  /**
   * When it is decoded, where that differs: encoders such as OBS's x264 send pictures in another order than they are
   * shown in. Never later than `timestampUs`; the same when left out.
   */
  decodeUs?: number;
  durationUs: number;
  key: boolean;
  /** AVCC with lengths of four bytes, raw AAC, or Opus. */
  data: Uint8Array;
}

export interface Ingest {
  configure(tracks: Tracks): void;
  push(packet: Packet): void;
  onKeyFrameWanted(ask: () => void): void;
  end(reason: string): void;
}

export type Via = 'browser' | 'rtmp' | 'whip';

/** One publisher per live at a time: a later one that was accepted takes over, and the former is ended. */
export type OpenIngest = (publisher: {
  live: string;
  via: Via;
  publisher: string;
  /** Somebody else than the publisher has ended it. */
  over?: (reason: string) => void;
}) => Ingest;
