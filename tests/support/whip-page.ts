import type { Page } from 'playwright-core';

/**
 * Publishes a moving canvas with a tone from a page, as a WHIP client does: offer, POST, answer.
 *
 * @returns what was answered; `stop` closes the connection without a word, like a page that is left
 */
export async function startWhip(page: Page, live: string, key: string) {
  const answered = await page.evaluate(publish, { live, key });
  return {
    ...answered,
    async stop() {
      await page.evaluate((id) => (window as unknown as Windows).whips.get(id)?.close(), answered.id);
    },
  };
}

interface Windows {
  whips: Map<string, RTCPeerConnection>;
}

/** Runs in the page. */
async function publish({ live, key }: { live: string; key: string }) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [640, 360];
  const brush = canvas.getContext('2d', { alpha: false })!;
  const paint = setInterval(() => {
    brush.fillStyle = `hsl(${(Date.now() / 20) % 360} 70% 50%)`;
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
  const picture = canvas.captureStream(30).getVideoTracks()[0]!;
  peer.addTransceiver(picture, { direction: 'sendonly' });
  peer.addTransceiver(out.stream.getAudioTracks()[0]!, { direction: 'sendonly' });
  await peer.setLocalDescription(await peer.createOffer());
  await new Promise<void>((resolve) => {
    const look = () => peer.iceGatheringState === 'complete' && resolve();
    peer.addEventListener('icegatheringstatechange', look);
    look();
  });
  const response = await fetch(`/video/whip/${live}`, {
    method: 'POST',
    headers: { 'content-type': 'application/sdp', authorization: `Bearer ${key}` },
    body: peer.localDescription!.sdp,
  });
  const id = crypto.randomUUID();
  const all = window as unknown as Windows;
  (all.whips ??= new Map()).set(id, peer);
  peer.addEventListener('connectionstatechange', () => {
    if (peer.connectionState === 'closed' || peer.connectionState === 'failed') clearInterval(paint);
  });
  const { status } = response;
  if (status === 201) await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
  else peer.close();
  return { id, status, location: response.headers.get('location') };
}
