import { connect } from '../lib/connection.ts';
import { need, pageData, speak, type Texts } from '../lib/page-data.ts';

/** The prompter: what the host wants to say, large, moving by itself, with what lies on the table in view. */
const { live } = pageData<{ live: { id: string; pinned: string | null } }>('room-data');
const say = speak(pageData<Texts>('texts'));
const root = need('[data-prompter]');
const text = need('[data-text]');
const run = need<HTMLButtonElement>('[data-run]');
const speed = need<HTMLInputElement>('[data-speed]');
const mirror = need<HTMLButtonElement>('[data-mirror]');
const follow = need<HTMLButtonElement>('[data-follow]');

/** Pixels a second at the slowest; each step adds as much again. */
const STEP = 9;
const SIZES = { least: 1, most: 6 };

let last: number | undefined;
/** Scrolling takes whole pixels: what is left over is not lost. */
let rest = 0;

function isOn(button: HTMLButtonElement) {
  return button.getAttribute('aria-pressed') === 'true';
}

function toggle(button: HTMLButtonElement) {
  button.setAttribute('aria-pressed', String(!isOn(button)));
}

function roll(now: number) {
  if (!isOn(run)) return void (last = undefined);
  rest += ((now - (last ?? now)) / 1000) * STEP * Number(speed.value);
  last = now;
  const whole = Math.floor(rest);
  rest -= whole;
  text.scrollTop += whole;
  requestAnimationFrame(roll);
}

function start() {
  toggle(run);
  run.textContent = say(isOn(run) ? 'console.prompterStop' : 'console.prompterRun');
  requestAnimationFrame(roll);
}

function resize(by: number) {
  const size = Number(root.dataset['size'] ?? 3) + by;
  root.dataset['size'] = String(Math.min(SIZES.most, Math.max(SIZES.least, size)));
}

function reflect() {
  toggle(mirror);
  root.toggleAttribute('data-mirrored', isOn(mirror));
}

function quicken(by: number) {
  speed.value = String(Number(speed.value) + by);
}

run.addEventListener('click', start);
mirror.addEventListener('click', reflect);
follow.addEventListener('click', () => toggle(follow));
need('[data-smaller]').addEventListener('click', () => resize(-1));
need('[data-larger]').addEventListener('click', () => resize(1));

const parts = [...root.querySelectorAll<HTMLElement>('.prompter__part')];

function leaf(by: number) {
  const at = parts.findIndex((part) => part.offsetTop + part.offsetHeight > text.scrollTop + 8);
  parts[Math.min(parts.length - 1, Math.max(0, at + by))]?.scrollIntoView({ block: 'start' });
}

const KEYS: Record<string, () => void> = {
  ' ': start,
  ArrowUp: () => quicken(1),
  ArrowDown: () => quicken(-1),
  ArrowLeft: () => leaf(-1),
  ArrowRight: () => leaf(1),
  '+': () => resize(1),
  '=': () => resize(1),
  '-': () => resize(-1),
  m: reflect,
};
window.addEventListener('keydown', (event) => {
  const act = KEYS[event.key];
  const typing = event.target instanceof HTMLElement && event.target.closest('button, input, a');
  if (!act || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
});

function showPinned(sku: string | null) {
  for (const part of parts) part.toggleAttribute('data-current', sku !== null && part.dataset['sku'] === sku);
  const current = parts.find((part) => part.dataset['sku'] === sku && sku !== null);
  if (current && isOn(follow)) current.scrollIntoView({ block: 'start' });
}
showPinned(live.pinned);

const { on } = connect({
  show(state) {
    const note = need('[data-connection]');
    note.hidden = state === 'connected';
    note.textContent = say(state === 'offline' ? 'offline' : 'reconnecting');
  },
  async arrive(line) {
    const answer = await line.timeout(5_000).emitWithAck('console:join', { liveId: live.id });
    if (!answer.ok) throw new Error(answer.error.code);
    showPinned(answer.desk.pinned?.sku ?? null);
  },
});
on('console:changed', (desk) => {
  if (desk.liveId === live.id) showPinned(desk.pinned?.sku ?? null);
});
