/** RTCP (RFC 3550, 4585, 5104): what a receiver tells a sender, and the one thing it needs from it. */

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;

/** When a sender's RTP timestamp was, on its wall clock. */
export interface SenderReport {
  ssrc: number;
  rtpTimestamp: number;
  /** Seconds since 1900. */
  ntpSeconds: number;
  /** The middle 32 bits of the NTP time, which a receiver's report returns. */
  ntpMiddle: number;
}

/** The sender's reports within a compound packet. */
export function parseSenderReports(bytes: Uint8Array): SenderReport[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reports: SenderReport[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = (view.getUint16(at + 2) + 1) * 4;
    if (at + length > bytes.length) return reports;
    if (bytes[at + 1] === SENDER_REPORT && length >= 28) {
      const seconds = view.getUint32(at + 8);
      const fraction = view.getUint32(at + 12);
      reports.push({
        ssrc: view.getUint32(at + 4),
        rtpTimestamp: view.getUint32(at + 16),
        ntpSeconds: seconds + fraction / 2 ** 32,
        ntpMiddle: view.getUint32(at + 10),
      });
    }
    at += length;
  }
  return reports;
}

/** "Send me a key frame." */
export function pictureLoss(own: number, media: number): Uint8Array {
  return feedback(PAYLOAD_FEEDBACK, 1, own, media, []);
}

/** "Send me these again": each word names one packet and which of the sixteen after it. */
export function nack(own: number, media: number, sequences: readonly number[]): Uint8Array {
  const words: number[] = [];
  for (let index = 0; index < sequences.length;) {
    const first = sequences[index]!;
    let mask = 0;
    for (index += 1; index < sequences.length; index += 1) {
      const step = (sequences[index]! - first) & 0xffff;
      if (step < 1 || step > 16) break;
      mask |= 1 << (step - 1);
    }
    words.push(first * 0x1_0000 + mask);
  }
  return feedback(TRANSPORT_FEEDBACK, 1, own, media, words);
}

/** "Send no more than this" (draft-alvestrand-rmcat-remb-03). */
export function bitrateLimit(own: number, media: number, bitsPerSecond: number): Uint8Array {
  let exponent = 0;
  let mantissa = Math.round(bitsPerSecond);
  for (; mantissa > 0x3_ff_ff; exponent += 1) mantissa = mantissa >>> 1;
  const REMB = 0x52_45_4d_42;
  const words = [REMB, 0x0100_0000 + (exponent << 18) + mantissa, media];
  return feedback(PAYLOAD_FEEDBACK, 15, own, 0, words);
}

function feedback(type: number, format: number, own: number, media: number, words: readonly number[]) {
  const out = Buffer.alloc(12 + words.length * 4);
  out[0] = 0x80 | format;
  out[1] = type;
  out.writeUInt16BE(out.length / 4 - 1, 2);
  out.writeUInt32BE(own, 4);
  out.writeUInt32BE(media, 8);
  words.forEach((word, index) => out.writeUInt32BE(word, 12 + index * 4));
  return out;
}

/** What a receiver counts of one sender (RFC 3550, appendix A), for its reports. */
export function createReception(clockRate: number) {
  let first: number | undefined;
  let highest = 0;
  let received = 0;
  let before = { expected: 0, received: 0 };
  let jitter = 0;
  let transit: number | undefined;
  let heard: { middle: number; at: number } | undefined;

  return {
    /** @param sequence counted on past 16 bits */
    packet(sequence: number, timestamp: number, now: number) {
      first ??= sequence;
      highest = Math.max(highest, sequence);
      received += 1;
      const arrival = (now / 1000) * clockRate - timestamp;
      if (transit !== undefined) jitter += (Math.abs(arrival - transit) - jitter) / 16;
      transit = arrival;
    },
    report(senderReport: SenderReport, now: number) {
      heard = { middle: senderReport.ntpMiddle, at: now };
    },
    /** A receiver's report, or undefined while there is nothing to report on. */
    write(own: number, media: number, now: number): Uint8Array | undefined {
      if (first === undefined) return undefined;
      const expected = highest - first + 1;
      const lost = Math.max(0, expected - received);
      const lately = expected - before.expected;
      const lostLately = Math.max(0, lately - (received - before.received));
      before = { expected, received };
      const out = Buffer.alloc(32);
      out[0] = 0x81;
      out[1] = RECEIVER_REPORT;
      out.writeUInt16BE(7, 2);
      out.writeUInt32BE(own, 4);
      out.writeUInt32BE(media, 8);
      out[12] = lately > 0 ? Math.min(255, Math.floor((lostLately * 256) / lately)) : 0;
      out.writeUIntBE(Math.min(lost, 0x7f_ff_ff), 13, 3);
      out.writeUInt32BE(highest % 2 ** 32, 16);
      out.writeUInt32BE(Math.min(Math.round(jitter), 2 ** 32 - 1), 20);
      out.writeUInt32BE(heard?.middle ?? 0, 24);
      out.writeUInt32BE(heard ? Math.round(((now - heard.at) / 1000) * 65_536) % 2 ** 32 : 0, 28);
      return out;
    },
  };
}
