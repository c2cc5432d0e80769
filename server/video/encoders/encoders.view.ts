import type { Translate } from '../../platform/views/index.ts';
import { PLAY_TYPES, type Handover } from './handover.rules.ts';
import type { KeyState, StreamKey } from './keys.rules.ts';

export interface EncoderPage {
  live: string;
  state: KeyState;
  key: StreamKey | null;
  /** The key itself, on the one page that shows it. */
  fresh: string | undefined;
  /** Undefined when RTMP is not listened for. */
  rtmpUrl: string | undefined;
  whipUrl: string;
  handover: Handover | null;
  /** The other server's own token, where it has one. */
  handoverToken: string | undefined;
}

/** What the page about encoders shows of a live's key and addresses. */
export function presentEncoders(page: EncoderPage, t: Translate) {
  const { live, state, key, fresh, rtmpUrl, whipUrl, handover } = page;
  const elsewhere = handover && (handover.publish.whip ?? handover.publish.rtmp) !== null;
  const token = page.handoverToken ?? fresh;
  return {
    action: `/host/live/${live}/encoders`,
    state,
    stateText: t(`encoders.state.${state}`),
    hint: key && state !== 'revoked' ? key.hint : undefined,
    seen: key?.madeAt.toISOString() ?? '',
    madeAt: key?.madeAt,
    expiresAt: state === 'ready' || state === 'on_air' ? key?.expiresAt : undefined,
    onAir:
      state === 'on_air' && key?.claim
        ? { since: key.claim.since, via: key.claim.via.toUpperCase() }
        : undefined,
    fault: key?.lastFault
      ? { at: key.lastFault.at, text: t(`encoders.fault.${key.lastFault.fault}`) }
      : undefined,
    hasKey: state === 'ready' || state === 'on_air',
    fresh,
    elsewhere: elsewhere
      ? { rtmp: rtmpElsewhere(handover.publish.rtmp, live, token), whip: handover.publish.whip, token }
      : undefined,
    here: elsewhere ? undefined : { rtmpUrl, whipUrl },
  };
}

/** OBS wants an address in two parts: what is before the last slash, and the rest with the key. */
function rtmpElsewhere(url: string | null, live: string, token: string | undefined) {
  if (url === null) return undefined;
  const { protocol, host, pathname } = new URL(url);
  const parts = pathname.split('/').filter((part) => part !== '');
  const name = parts.pop() ?? live;
  return {
    server: [`${protocol}//${host}`, ...parts].join('/'),
    key: token === undefined ? undefined : `${name}?pass=${encodeURIComponent(token)}`,
  };
}

const CHINA_MS = 8 * 3_600_000;
const localTime = (at: Date | null) =>
  at ? new Date(at.getTime() + CHINA_MS).toISOString().slice(0, 16) : '';

/** The form as it is stored, or as somebody has just sent it in. */
export function presentHandover(
  handover: Handover | null,
  rows: number,
  sent: { values?: Record<string, unknown>; errors?: Record<string, string> } = {},
) {
  const { values, errors = {} } = sent;
  const stored: Record<string, unknown> = {
    version: String(handover?.version ?? 0),
    whip: handover?.publish.whip ?? '',
    rtmp: handover?.publish.rtmp ?? '',
    expiresAt: localTime(handover?.publish.expiresAt ?? null),
    protectPlay: handover?.protectPlay ? '1' : undefined,
    ...Object.fromEntries(
      (handover?.play ?? []).flatMap(({ type, url }, row) => [
        [`playType${row}`, type],
        [`playUrl${row}`, url],
      ]),
    ),
  };
  const shown = values ?? stored;
  const text = (name: string) => (typeof shown[name] === 'string' ? shown[name] : '');
  return {
    open: handover !== null || values !== undefined,
    version: stored['version'],
    whip: text('whip'),
    rtmp: text('rtmp'),
    expiresAt: text('expiresAt'),
    protectPlay: shown['protectPlay'] === '1',
    hasToken: (handover?.publish.token ?? null) !== null,
    errors: {
      whip: errors['whip'],
      rtmp: errors['rtmp'],
      token: errors['token'],
      expiresAt: errors['expiresAt'],
    },
    play: Array.from({ length: rows }, (_none, row) => ({
      row,
      number: row + 1,
      url: text(`playUrl${row}`),
      error: errors[`playUrl${row}`],
      types: PLAY_TYPES.map((type) => ({ type, chosen: (text(`playType${row}`) || 'hls') === type })),
    })),
  };
}
