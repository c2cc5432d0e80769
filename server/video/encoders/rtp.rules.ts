/** RTP (RFC 3550): packets, and putting them back in order while what is missing is asked for again. */

export interface RtpPacket {
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  marker: boolean;
  payload: Uint8Array;
}

/** RTCP shares the port (RFC 5761): its packet types are where RTP has a marker and types 64 to 95. */
export function isRtcp(bytes: Uint8Array): boolean {
  const type = bytes[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** Undefined for what is no RTP. */
export function parseRtp(bytes: Uint8Array): RtpPacket | undefined {
  if (bytes.length < 12 || bytes[0]! >> 6 !== 2) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 12 + (bytes[0]! & 0x0f) * 4;
  if (bytes[0]! & 0x10) {
    if (start + 4 > bytes.length) return undefined;
    start += 4 + view.getUint16(start + 2) * 4;
  }
  const padding = bytes[0]! & 0x20 ? bytes.at(-1)! : 0;
  const end = bytes.length - padding;
  if (start > end) return undefined;
  return {
    payloadType: bytes[1]! & 0x7f,
    marker: (bytes[1]! & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    ssrc: view.getUint32(8),
    payload: bytes.subarray(start, end),
  };
}

/** Makes numbers that wrap around count on: sequences with 16 bits, timestamps with 32. */
export function createUnwrap(bits: 16 | 32) {
  const size = 2 ** bits;
  let last: number | undefined;
  return (value: number): number => {
    if (last === undefined) last = value;
    else {
      const step = (((value - last) % size) + size) % size;
      last += step < size / 2 ? step : step - size;
    }
    return last;
  };
}

export interface Ordered {
  packet: RtpPacket;
  /** Something before it is lost for good. */
  afterGap: boolean;
}

/** A line with 200 ms there and back brings a packet again in time. */
const GIVE_UP_MS = 400;
const ASK_AGAIN_MS = 60;
/** A jump over more is a new beginning, not a loss. */
const MAX_MISSING = 400;
const MAX_HELD = 1_500;

export function createReorder() {
  const unwrap = createUnwrap(16);
  const held = new Map<number, RtpPacket>();
  const missing = new Map<number, { since: number; asked: number }>();
  let expected: number | undefined;
  let highest = -1;
  let gap = false;

  function drain(out: Ordered[]) {
    for (let packet = held.get(expected!); packet; packet = held.get(expected)) {
      held.delete(expected!);
      missing.delete(expected!);
      out.push({ packet, afterGap: gap });
      gap = false;
      expected = expected! + 1;
    }
  }

  /** Goes on with the oldest that is there. */
  function skip() {
    const next = Math.min(...held.keys());
    for (const number of missing.keys()) if (number < next) missing.delete(number);
    expected = next;
    gap = true;
  }

  function expire(now: number, out: Ordered[]) {
    for (;;) {
      const oldest = missing.values().next().value;
      const late = oldest !== undefined && now - oldest.since >= GIVE_UP_MS;
      if (held.size === 0 || !(late || held.size > MAX_HELD)) return;
      skip();
      drain(out);
    }
  }

  return {
    push(packet: RtpPacket, now: number): Ordered[] {
      const out: Ordered[] = [];
      const number = unwrap(packet.sequence);
      expected ??= number;
      if (number < expected || held.has(number)) return out;
      if (number - expected > MAX_MISSING && number - highest > MAX_MISSING) {
        held.clear();
        missing.clear();
        expected = number;
        gap = true;
      }
      for (let lost = Math.max(highest + 1, expected); lost < number; lost += 1) {
        missing.set(lost, { since: now, asked: -Infinity });
      }
      highest = Math.max(highest, number);
      missing.delete(number);
      held.set(number, packet);
      drain(out);
      expire(now, out);
      return out;
    },

    /** What has waited too long for what was lost before it. */
    overdue(now: number): Ordered[] {
      const out: Ordered[] = [];
      if (expected !== undefined) expire(now, out);
      return out;
    },

    /** Sequence numbers to ask for now (16 bits). */
    wanted(now: number): number[] {
      const numbers: number[] = [];
      for (const [number, entry] of missing) {
        if (now - entry.asked < ASK_AGAIN_MS || numbers.length === 64) continue;
        entry.asked = now;
        numbers.push(number & 0xffff);
      }
      return numbers;
    },
  };
}
