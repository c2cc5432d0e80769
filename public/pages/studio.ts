import { need } from '../lib/page-data.ts';
import type { Wish } from '../lib/video/capture.ts';
import { canEncode } from '../lib/video/encode.ts';
import { createStudio, type Health } from '../lib/video/studio.ts';

/** The console's studio: the host's own picture, the button that puts it on air, and how it arrives. */
const root = need('[data-studio]');
const part = <E extends HTMLElement = HTMLElement>(name: string) => need<E>(`[data-studio-${name}]`, root);
const page = need('[data-console]');
const preview = need<HTMLVideoElement>('[data-preview]', root);
const studio = createStudio(preview, root.dataset['live'] ?? '');
const wish: Wish = { source: 'camera', facing: 'user' };
let muted = false;

function word(name: string): string {
  const words = need<HTMLTemplateElement>('[data-studio-words]', root);
  return words.content.querySelector(`[data-word="${name}"]`)?.textContent ?? '';
}

function fail(name: string | undefined) {
  const error = part('error');
  error.hidden = name === undefined;
  error.textContent = name === undefined ? '' : word(name);
}

/** What can be done now. */
function show() {
  const isLive = page.dataset['state'] === 'live';
  const [connected, onAir] = [studio.isConnected(), studio.isOnAir()];
  part('empty').hidden = connected;
  part('air').hidden = !connected || onAir || !isLive;
  part('off').hidden = !onAir;
  part('on').hidden = !onAir;
  // A phone's browser has no screen to share.
  part('screen').hidden = !('getDisplayMedia' in (navigator.mediaDevices ?? {}));
  part('flip').hidden = !connected || wish.source === 'screen';
  part('mute').hidden = !connected;
  part('devices').hidden = !connected || wish.source === 'screen';
  part('health').hidden = !onAir;
  part('wait').hidden = !connected || isLive || page.dataset['state'] === 'ended';
  // Whoever goes to another of this live's pages would take the picture off the air with this one.
  for (const tab of document.querySelectorAll<HTMLAnchorElement>('.host-tabs a:not([aria-current])')) {
    if (onAir) tab.target = '_blank';
    else tab.removeAttribute('target');
  }
  if (onAir && page.dataset['state'] === 'ended') {
    studio.goOffAir();
    show();
  }
}

async function connect(source: Wish['source']) {
  if (!navigator.mediaDevices) return fail('insecure');
  if (!canEncode()) return fail('unsupported');
  fail(undefined);
  try {
    await studio.connect({ ...wish, source });
    wish.source = source;
    preview.toggleAttribute('data-mirrored', source === 'camera' && wish.facing === 'user');
    await listDevices();
  } catch (error) {
    const name = error instanceof DOMException ? error.name : '';
    fail(name === 'NotAllowedError' ? 'denied' : name === 'NotFoundError' ? 'missing' : 'failed');
  }
  show();
}

async function listDevices() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  fill(part<HTMLSelectElement>('cameras'), devices, 'videoinput');
  fill(part<HTMLSelectElement>('microphones'), devices, 'audioinput');
}

function fill(select: HTMLSelectElement, devices: MediaDeviceInfo[], kind: MediaDeviceKind) {
  const chosen = select.value;
  const found = devices.filter((device) => device.kind === kind && device.deviceId !== '');
  select.replaceChildren(
    ...found.map(({ label, deviceId }, index) => new Option(label || `${index + 1}`, deviceId)),
  );
  if (found.some(({ deviceId }) => deviceId === chosen)) select.value = chosen;
}

part('camera').addEventListener('click', () => void connect('camera'));
part('screen').addEventListener('click', () => void connect('screen'));
part('flip').addEventListener('click', () => {
  wish.facing = wish.facing === 'user' ? 'environment' : 'user';
  delete wish.camera;
  void connect('camera');
});
part('cameras').addEventListener('change', () => {
  wish.camera = part<HTMLSelectElement>('cameras').value;
  void connect('camera');
});
part('microphones').addEventListener('change', () => {
  wish.microphone = part<HTMLSelectElement>('microphones').value;
  void connect('camera');
});
part('mute').addEventListener('click', () => {
  muted = !muted;
  studio.mute(muted);
  part('mute').setAttribute('aria-pressed', String(muted));
});
part('air').addEventListener('click', () => {
  fail(undefined);
  studio.goOnAir().then(show, () => fail('failed'));
});
part('off').addEventListener('click', () => {
  studio.goOffAir();
  show();
});

document.addEventListener('studio:health', (event) => {
  const { detail } = event as CustomEvent<Health>;
  if (!studio.isOnAir()) return;
  const put = (name: string, text: string) => (need(`[data-health="${name}"]`, root).textContent = text);
  put('bitrate', `${(detail.bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`);
  put('delay', `${detail.delayMs} ms`);
  put('dropped', String(detail.dropped));
  put('size', `${detail.width}×${detail.height}`);
  put('viewers', detail.elsewhere ? '–' : String(detail.viewers));
  const recording = need('[data-health="recording"]', root);
  const kept = detail.elsewhere ? 'elsewhere' : detail.recording ? 'yes' : 'no';
  recording.textContent = recording.dataset[kept] ?? '';
  if (detail.state === 'lost' || detail.state === 'connecting') fail('lost');
  else if (detail.state === 'open') fail(detail.recording || detail.bitsPerSecond === 0 ? undefined : 'full');
});
// Elsewhere nobody is taken over from: whoever comes next could not come before this one is gone.
document.addEventListener('console:relayed', () => {
  if (!studio.isElsewhere()) return;
  studio.goOffAir();
  show();
  fail('taken');
});
for (const name of ['taken', 'over', 'refused', 'failed']) {
  document.addEventListener(`studio:${name}`, () => {
    studio.goOffAir();
    show();
    fail(name);
  });
}
document.addEventListener('studio:ended', () => show());
window.addEventListener('beforeunload', (event) => {
  if (studio.isOnAir()) event.preventDefault();
});
new MutationObserver(show).observe(page, { attributes: true, attributeFilter: ['data-state'] });
show();
