import type { Player, PlayerOptions } from './player.ts';

const RETRY_MS = 2_000;
/** Candidates of one's own machine are there at once; for others nobody waits long. */
const GATHER_MS = 1_000;

/** Plays by WebRTC (WHEP, draft-ietf-wish-whep): the least delay, from a media server that offers it. */
export function playWhep({ video, show }: PlayerOptions, url: string): Player {
  let peer: RTCPeerConnection | undefined;
  let session: string | undefined;
  let stopped = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let lastTime = -1;
  let still = 0;
  show('connecting', { rendition: 'high' });

  function leave() {
    peer?.close();
    peer = undefined;
    if (session) void fetch(session, { method: 'DELETE', keepalive: true }).catch(() => {});
    session = undefined;
  }

  function again() {
    if (stopped) return;
    show('moment', { rendition: 'high' });
    clearTimeout(retry);
    retry = setTimeout(() => void begin().catch(again), RETRY_MS * (0.5 + Math.random()));
  }

  async function begin() {
    leave();
    if (stopped) return;
    const mine = new RTCPeerConnection();
    peer = mine;
    const stream = new MediaStream();
    mine.addTransceiver('video', { direction: 'recvonly' });
    mine.addTransceiver('audio', { direction: 'recvonly' });
    mine.addEventListener('track', ({ track }) => {
      stream.addTrack(track);
      video.srcObject = stream;
      void video.play().catch(() => {});
    });
    mine.addEventListener('connectionstatechange', () => {
      if (mine === peer && mine.connectionState === 'failed') again();
    });
    await mine.setLocalDescription(await mine.createOffer());
    await gathered(mine);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: mine.localDescription?.sdp ?? '',
    });
    if (!response.ok) throw new Error(`refused with ${response.status}`);
    const location = response.headers.get('location');
    if (location) session = new URL(location, url).href;
    if (mine !== peer) return leave();
    await mine.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  }

  const watch = setInterval(() => {
    still = video.currentTime === lastTime ? still + 1 : 0;
    lastTime = video.currentTime;
    if (still === 0 && video.currentTime > 0) show('playing', { rendition: 'high' });
    if (still === 6) again();
  }, 500);
  void begin().catch(again);

  return {
    choose: () => {},
    stop() {
      stopped = true;
      clearTimeout(retry);
      clearInterval(watch);
      leave();
      video.srcObject = null;
    },
  };
}

/** All candidates are known, or nobody waits for more. */
export function gathered(peer: RTCPeerConnection): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, GATHER_MS);
    const look = () => {
      if (peer.iceGatheringState !== 'complete') return;
      clearTimeout(late);
      resolve();
    };
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });
}
