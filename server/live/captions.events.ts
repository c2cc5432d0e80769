/** The wire of subtitles: what the host says, typed or heard by the host's browser. It imports nothing. */

type CaptionAck = (answer: { ok: true } | { ok: false; error: { code: string; message: string } }) => void;

export interface CaptionClientEvents {
  'host:caption': (input: { liveId: string; text: string }, ack: CaptionAck) => void;
}

export interface CaptionServerEvents {
  'caption:said': (news: { liveId: string; text: string; at: string }) => void;
}
