/** Who comes with a stream key, what they are told, and the hold they have on it. */

export type Via = 'rtmp' | 'whip';

export interface Comer {
  key: string;
  /** Where the address names one: the key must be of this live. */
  live?: string | undefined;
  via: Via;
  /** The network address they come from. */
  address: string;
}

/** The right to publish one live over one connection. */
export interface Grant {
  live: string;
  /** Names this connection: a later one that takes the key over ends it. */
  connection: string;
  /** Whose key it is. */
  publisher: string;
}

/** `wrong_key`: unknown, revoked or run out. `in_use`: somebody else is on air with it. */
export type Refusal = 'wrong_key' | 'in_use' | 'live_over';

export type Admission = { ok: true; grant: Grant } | { ok: false; refusal: Refusal };

/** What ended a connection that had been let in, as far as its owner can do something about it. */
export const ENCODER_FAULTS = [
  'video_codec',
  'audio_codec',
  'picture_size',
  'malformed',
  'too_fast',
] as const;
export type EncoderFault = (typeof ENCODER_FAULTS)[number];

/**
 * Asked by the process that takes the pictures in, answered by the one that has the database.
 */
export interface Gate {
  admit(comer: Comer): Promise<Admission>;
  /**
   * Once a second for each connection.
   * @param heard whether anything came since the last time
   * @returns false when the key was revoked, renewed or taken over, or the live is over: the connection must end
   */
  hold(grant: Grant, heard: boolean): Promise<boolean>;
  /** The connection is gone; the key is free at once. */
  leave(grant: Grant, fault?: EncoderFault): Promise<void>;
}
