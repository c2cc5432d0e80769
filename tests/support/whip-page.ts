import type { Page } from 'playwright-core';

export interface WhipSession {
  status: number;
  /** Address of the session, when it was let in. */
  location: string | null;
  /** Closes the connection without a word, like a page that is left. */
  stop(): Promise<void>;
}

/** Publishes a moving canvas with a tone from a page, as a WHIP client does: offer, POST, answer. */
export async function startWhip(page: Page, live: string, key: string): Promise<WhipSession> {
  const id = Math.random().toString(36).slice(2);
  const answered = await page.evaluate<{ status: number; location: string | null }>(
    `(${PUBLISH})(${JSON.stringify({ id, live, key })})`,
  );
  return {
    ...answered,
    async stop() {
      await page.evaluate(`window.whips.get(${JSON.stringify(id)})?.()`);
    },
  };
}

/** Runs in the page. */
const PUBLISH = `async ({ id, live, key }) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 360];
  const brush = canvas.getContext('2d', { alpha: false });
  const paint = setInterval(() => {
    brush.fillStyle = 'hsl(' + ((Date.now() / 20) % 360) + ' 70% 50%)';
    brush.fillRect(0, 0, 640, 360);
    brush.fillStyle = '#fff';
    brush.font = '60px monospace';
    brush.fillText(String(Date.now()), 40, 200);
  }, 33);
  const sound = new AudioContext();
  const tone = sound.createOscillator();
  const out = sound.createMediaStreamDestination();
  tone.connect(out);
  tone.start();

  const peer = new RTCPeerConnection();
  const stop = () => {
    clearInterval(paint);
    peer.close();
    void sound.close();
  };
  (window.whips ??= new Map()).set(id, stop);
  peer.addTransceiver(canvas.captureStream(30).getVideoTracks()[0], { direction: 'sendonly' });
  peer.addTransceiver(out.stream.getAudioTracks()[0], { direction: 'sendonly' });
  await peer.setLocalDescription(await peer.createOffer());
  await new Promise((resolve) => {
    const look = () => peer.iceGatheringState === 'complete' && resolve();
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });
  const response = await fetch('/video/whip/' + live, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', authorization: 'Bearer ' + key },
    body: peer.localDescription.sdp,
  });
  if (response.status === 201) await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  else stop();
  return { status: response.status, location: response.headers.get('location') };
}`;
