import { checkOffline, type OfflineAnswer, type PublicKey } from '../lib/trace-check.ts';

/** The page that checks codes without the shop: keys from the network or from what was kept, the rest is done here. */
const page = document.querySelector<HTMLElement>('[data-trace-check]')!;
const text = page.querySelector<HTMLTextAreaElement>('#check-text')!;
const facts = page.querySelector<HTMLElement>('[data-check-facts]')!;
const scanButton = page.querySelector<HTMLButtonElement>('[data-check-scan]')!;
const camera = page.querySelector<HTMLVideoElement>('[data-check-camera]')!;

async function publishedKeys(): Promise<PublicKey[]> {
  try {
    const answer = await fetch(page.dataset['keys']!);
    const { keys } = (await answer.json()) as { keys: PublicKey[] };
    return keys;
  } catch {
    return [];
  }
}

function show({ verdict, identity, kid }: OfflineAnswer) {
  for (const section of page.querySelectorAll<HTMLElement>('[data-verdict]')) {
    section.hidden = section.dataset['verdict'] !== verdict;
  }
  const values: Record<string, string | undefined> = { ...identity, key: kid };
  facts.hidden = Object.values(values).every((value) => value === undefined);
  for (const cell of facts.querySelectorAll<HTMLElement>('[data-fact]')) {
    const value = values[cell.dataset['fact']!];
    cell.textContent = value ?? '';
    cell.parentElement!.hidden = value === undefined;
  }
}

async function check() {
  show(await checkOffline(text.value, await publishedKeys()));
}

page.querySelector('[data-check-form]')!.addEventListener('submit', (event) => {
  event.preventDefault();
  void check();
});

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorMaker = new (options: { formats: string[] }) => Detector;

/** Only where the browser reads QR codes by itself: this page must stay small enough to be kept. */
const Maker = (globalThis as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;
scanButton.hidden = !Maker || !navigator.mediaDevices;
scanButton.addEventListener('click', () => void scan());

async function scan() {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  camera.srcObject = stream;
  camera.hidden = false;
  await camera.play();
  const detector = new Maker!({ formats: ['qr_code'] });
  const look = async (): Promise<void> => {
    const [found] = await detector.detect(camera);
    if (!found) return void requestAnimationFrame(() => void look());
    for (const track of stream.getTracks()) track.stop();
    camera.hidden = true;
    text.value = found.rawValue;
    await check();
  };
  await look();
}

/** Kept for when there is no network; only where the browser allows it, which is on https and on this machine. */
async function keepForLater() {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register('/trace/check-worker.js');
  await navigator.serviceWorker.ready;
  page.querySelector<HTMLElement>('[data-check-offline]')!.hidden = false;
}

void keepForLater().catch(() => undefined);
