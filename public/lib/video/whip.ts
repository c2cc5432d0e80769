import { gathered } from './whep.ts';
import type { Heard, UplinkState } from './uplink.ts';

/** Where a live is published: here, or at a media server elsewhere by WHIP with a pass that holds for a moment. */
export type PublishPlace = { at: 'here' } | { at: 'whip'; url: string; token: string | null };

/** @throws Error when the shop does not answer, or somebody else's turn it is */
export async function placeToPublish(live: string): Promise<PublishPlace> {
  const answer = await fetch(`/api/lives/${live}/publishing`, {
    method: 'POST',
    headers: { Accept: 'application/json' },
  });
  if (!answer.ok) throw new Error(`refused with ${answer.status}`);
  return (await answer.json()) as PublishPlace;
}

interface Hooks {
  state(state: UplinkState | 'refused'): void;
  heard(heard: Heard): void;
}

export type Outside = ReturnType<typeof publishWhip>;

const MOST_BITS = 2_500_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8_000;
/** WebRTC mends a short gap by itself. */
const PATIENCE_MS = 4_000;
const STATS_MS = 1_000;

/** Publishes by WHIP (RFC 9725) to a media server elsewhere. It comes back by itself, each time with a new pass. */
export function publishWhip(live: string, first: MediaStream, hooks: Hooks) {
  let stream = first;
  let peer: RTCPeerConnection | undefined;
  let session: { url: string; token: string | null } | undefined;
  let stopped = false;
  let retryMs = FIRST_RETRY_MS;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let lost: ReturnType<typeof setTimeout> | undefined;
  let before = { bytes: 0, at: 0 };

  function leave() {
    clearTimeout(lost);
    peer?.close();
    peer = undefined;
    if (session) {
      const { url, token } = session;
      void fetch(url, { method: 'DELETE', headers: bearer(token), keepalive: true }).catch(() => {});
    }
    session = undefined;
  }

  function again() {
    leave();
    if (stopped) return;
    hooks.state('lost');
    clearTimeout(retry);
    retry = setTimeout(() => void begin().catch(again), retryMs * (0.5 + Math.random()));
    retryMs = Math.min(LONGEST_RETRY_MS, retryMs * 2);
  }

  async function begin() {
    hooks.state('connecting');
    const place = await placeToPublish(live);
    if (stopped) return;
    // It was taken back meanwhile: the host goes on air anew, by way of the shop.
    if (place.at !== 'whip') return stop('refused');
    const mine = new RTCPeerConnection();
    peer = mine;
    for (const track of stream.getTracks()) prefer(mine.addTransceiver(track, { direction: 'sendonly' }));
    mine.addEventListener('connectionstatechange', () => {
      if (mine !== peer) return;
      clearTimeout(lost);
      if (mine.connectionState === 'connected') {
        retryMs = FIRST_RETRY_MS;
        hooks.state('open');
      } else if (mine.connectionState === 'failed') again();
      else if (mine.connectionState === 'disconnected') lost = setTimeout(again, PATIENCE_MS);
    });
    await mine.setLocalDescription(await mine.createOffer());
    await gathered(mine);
    const answer = await fetch(place.url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', ...bearer(place.token) },
      body: mine.localDescription?.sdp ?? '',
    });
    if (answer.status === 401 || answer.status === 403 || answer.status === 404) return stop('refused');
    if (!answer.ok) throw new Error(`refused with ${answer.status}`);
    const location = answer.headers.get('location');
    if (location) session = { url: new URL(location, place.url).href, token: place.token };
    if (mine !== peer) return leave();
    await mine.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    await slow(mine);
  }

  async function measure() {
    if (peer?.connectionState !== 'connected') return;
    let bytes = 0;
    let behind = 0;
    for (const report of (await peer.getStats()).values() as Iterable<Record<string, unknown>>) {
      if (report['type'] === 'outbound-rtp') bytes += Number(report['bytesSent'] ?? 0);
      if (report['type'] === 'remote-inbound-rtp') behind = Number(report['roundTripTime'] ?? 0) / 2;
    }
    const at = performance.now();
    const bitsPerSecond = Math.max(0, (bytes - before.bytes) * 8_000) / Math.max(1, at - before.at);
    before = { bytes, at };
    hooks.heard({ viewers: 0, recording: true, behind, bitsPerSecond });
  }

  function stop(why?: 'refused') {
    stopped = true;
    clearTimeout(retry);
    clearInterval(stats);
    leave();
    if (why) hooks.state(why);
  }

  const stats = setInterval(() => void measure().catch(() => {}), STATS_MS);
  void begin().catch(again);

  return {
    /** Another camera: who watches does not notice more than the picture. */
    use(next: MediaStream) {
      const kinds = (of: MediaStream) =>
        of
          .getTracks()
          .map(({ kind }) => kind)
          .sort()
          .join();
      const same = kinds(next) === kinds(stream);
      stream = next;
      if (!same) return again();
      for (const sender of peer?.getSenders() ?? []) {
        const track = next.getTracks().find(({ kind }) => kind === sender.track?.kind);
        if (track) void sender.replaceTrack(track).catch(again);
      }
    },
    stop: () => stop(),
  };
}

const bearer = (token: string | null): Record<string, string> =>
  token === null ? {} : { authorization: `Bearer ${token}` };

/** H.264 first: it is what a media server can hand on as HLS without encoding anew. */
function prefer(transceiver: RTCRtpTransceiver) {
  const { kind } = transceiver.sender.track ?? {};
  if (kind !== 'video' || !('setCodecPreferences' in transceiver)) return;
  const { codecs } = RTCRtpSender.getCapabilities('video') ?? { codecs: [] };
  const isFirst = ({ mimeType }: { mimeType: string }) => mimeType.toLowerCase() === 'video/h264';
  transceiver.setCodecPreferences([...codecs.filter(isFirst), ...codecs.filter((codec) => !isFirst(codec))]);
}

/** No more than the embedded way would send. */
async function slow(peer: RTCPeerConnection) {
  for (const sender of peer.getSenders()) {
    if (sender.track?.kind !== 'video') continue;
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) encoding.maxBitrate = MOST_BITS;
    await sender.setParameters(parameters).catch(() => {});
  }
}
