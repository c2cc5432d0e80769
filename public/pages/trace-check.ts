import { hasCamera, watchForCodes } from '../lib/code-camera.ts';
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

const denied = page.querySelector<HTMLElement>('[data-check-denied]')!;
const scanWords = scanButton.textContent;
let close: (() => void) | undefined;

function stopScan() {
  close?.();
  close = undefined;
  camera.hidden = true;
  scanButton.textContent = scanWords;
}

async function startScan() {
  denied.hidden = true;
  camera.hidden = false;
  scanButton.textContent = scanButton.dataset['stop'] ?? '';
  scanButton.disabled = true;
  try {
    close = await watchForCodes(camera, async (code) => {
      stopScan();
      text.value = code;
      await check();
    });
  } finally {
    scanButton.disabled = false;
  }
}

scanButton.hidden = !hasCamera();
scanButton.addEventListener('click', () => {
  if (close) return stopScan();
  startScan().catch(() => {
    stopScan();
    denied.hidden = false;
  });
});

/** Kept for when there is no network; only where the browser allows it, which is on https and on this machine. */
async function keepForLater() {
  if (!('serviceWorker' in navigator)) return;
  await navigator.serviceWorker.register('/trace/check-worker.js');
  await navigator.serviceWorker.ready;
  page.querySelector<HTMLElement>('[data-check-offline]')!.hidden = false;
}

void keepForLater().catch(() => undefined);
