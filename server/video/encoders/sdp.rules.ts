/**
 * Offers and answers (RFC 8866, RFC 9725): an offer is narrowed to what we take, H.264 and Opus, before it is answered,
 * so that the answer promises nothing else.
 */

export interface Narrowed {
  sdp: string;
  video?: number;
  audio?: number;
}

export type OfferFault = 'malformed' | 'video_codec';

const MAX_LINES = 2_000;

/** @returns the offer with one payload type per track, or why it cannot be taken */
export function narrowOffer(offer: string): Narrowed | OfferFault {
  const lines = offer.split(/\r?\n/).filter((line) => line !== '');
  if (lines.length > MAX_LINES || lines[0] !== 'v=0' || lines.some((line) => !/^[a-z]=/.test(line))) {
    return 'malformed';
  }
  const starts = lines.flatMap((line, index) => (line.startsWith('m=') ? [index] : []));
  if (starts.length < 1 || starts.length > 2) return 'malformed';
  const head = lines.slice(0, starts[0]).filter((line) => !line.startsWith('a=extmap-allow-mixed'));
  const result: Narrowed = { sdp: '' };
  const out = [...head];
  for (const [index, start] of starts.entries()) {
    const section = lines.slice(start, starts[index + 1]);
    const kind = section[0]!.startsWith('m=video ') ? 'video' : 'audio';
    if (kind === 'audio' && !section[0]!.startsWith('m=audio ')) return 'malformed';
    if (result[kind] !== undefined) return 'malformed';
    const type = kind === 'video' ? h264Type(section) : typeOf(section, /^opus\/48000\/2$/i);
    if (type === undefined) return kind === 'video' ? 'video_codec' : 'malformed';
    result[kind] = type;
    out.push(...narrowSection(section, type));
  }
  result.sdp = `${out.join('\r\n')}\r\n`;
  return result;
}

function typeOf(section: readonly string[], codec: RegExp): number | undefined {
  return typesOf(section, codec)[0];
}

function typesOf(section: readonly string[], codec: RegExp): number[] {
  return section.flatMap((line) => {
    const [, type, name] = /^a=rtpmap:(\d{1,3}) (\S+)/.exec(line) ?? [];
    return type !== undefined && codec.test(name ?? '') ? [Number(type)] : [];
  });
}

/** The sender's first H.264 in packets that may be cut (mode 1); one that says no mode means 0, which is read too. */
function h264Type(section: readonly string[]): number | undefined {
  const types = typesOf(section, /^H264\/90000$/i);
  const cut = (type: number) =>
    section.some((line) => line.startsWith(`a=fmtp:${type} `) && /packetization-mode=1/.test(line));
  return types.find(cut) ?? types[0];
}

/** Feedback that we give ourselves; congestion control over the whole transport is none of it. */
const FEEDBACK = /^(nack|nack pli|ccm fir|goog-remb)$/;
/** Layers and header extensions: one layer is taken, and no extension is read. */
const DROPPED = /^a=(rid|simulcast|extmap|ssrc-group|rtcp-fb:\*)/;

function narrowSection(section: readonly string[], type: number): string[] {
  return section.flatMap((line, index) => {
    if (index === 0) return [`${line.split(' ').slice(0, 3).join(' ')} ${type}`];
    if (DROPPED.test(line)) return [];
    const [, kind, of, rest = ''] = /^a=(rtpmap|fmtp|rtcp-fb):(\d{1,3}) (.*)$/.exec(line) ?? [];
    if (kind === undefined) return [line];
    if (Number(of) !== type) return [];
    return kind === 'rtcp-fb' && !FEEDBACK.test(rest.trim()) ? [] : [line];
  });
}

/** Each address of our own once more as the public one: for a server whose router hands the port on. */
export function withPublicAddress(answer: string, address: string): string {
  const added = new Set<string>();
  const lines = answer.split('\r\n').flatMap((line) => {
    const [, component, priority, port] =
      /^a=candidate:\S+ (\d+) UDP (\d+) \d+\.\d+\.\d+\.\d+ (\d+) typ host/i.exec(line) ?? [];
    if (priority === undefined) return [line];
    // One less of priority: whoever is near tries the direct way first.
    const lower = Math.max(1, Number(priority) - 1);
    const more = `a=candidate:9 ${component} UDP ${lower} ${address} ${port} typ host`;
    if (added.has(`${port}`)) return [line];
    added.add(`${port}`);
    return [line, more];
  });
  return lines.join('\r\n');
}
