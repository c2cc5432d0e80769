import { need } from '../page-data.ts';
import { keepChoices, readChoices, type Choices } from './choices.ts';

interface Deps {
  room: HTMLElement;
  stage: HTMLElement;
  changed: (choices: Choices) => void;
}

/** The small menu of the room: what flies over the picture, subtitles, less data, a window of its own. */
export function startTools({ room, stage, changed }: Deps) {
  const sheet = need<HTMLDialogElement>('[data-tools]');
  const open = need<HTMLButtonElement>('[data-open-tools]');
  const choices = readChoices();
  open.hidden = false;
  open.addEventListener('click', () => sheet.showModal());
  sheet.addEventListener('click', (event) => event.target === sheet && sheet.close());

  for (const box of sheet.querySelectorAll<HTMLInputElement>('[data-choice]')) {
    const name = box.dataset['choice'] as keyof Choices;
    box.checked = choices[name];
    box.addEventListener('change', () => set(name, box.checked));
  }
  startWindow(need<HTMLButtonElement>('[data-window]', sheet), stage, () => sheet.close());
  startKeys();
  apply();
  // The player says what there is to choose once it is there; it comes later than this page.
  const offered = document.querySelector('[data-quality-choice]');
  if (offered) {
    new MutationObserver(() => {
      if (choices.saver && !offered.hasAttribute('hidden')) saveData(true);
    }).observe(offered, { attributes: true, attributeFilter: ['hidden'] });
  }

  function set(name: keyof Choices, value: boolean) {
    choices[name] = value;
    keepChoices(choices);
    const box = sheet.querySelector<HTMLInputElement>(`[data-choice="${name}"]`);
    if (box) box.checked = value;
    if (name === 'saver') saveData(value);
    apply();
  }

  /** The player has its own choice of quality; saving data is choosing sound only there. */
  function saveData(on: boolean) {
    const quality = document.querySelector<HTMLSelectElement>('[data-quality]');
    if (!quality) return;
    quality.value = on ? 'sound' : 'auto';
    quality.dispatchEvent(new Event('change'));
  }

  function apply() {
    room.toggleAttribute('data-saver', choices.saver);
    room.toggleAttribute('data-captions', choices.captions);
    changed(choices);
  }

  /** One key each, where nobody is typing. */
  function startKeys() {
    window.addEventListener('keydown', (event) => {
      const target = event.target as HTMLElement;
      const typing = target.closest('input, textarea, select, [contenteditable]') !== null;
      if (typing || event.ctrlKey || event.metaKey || event.altKey || sheet.open) return;
      if (event.key === 'd') set('danmaku', !choices.danmaku);
      else if (event.key === 'c') set('captions', !choices.captions);
      else if (event.key === '/') {
        event.preventDefault();
        document.querySelector<HTMLInputElement>('#say')?.focus();
      }
    });
  }

  return { choices };
}

/** Picture-in-picture: only where the browser has it, and there is a video to be put there. */
function startWindow(button: HTMLButtonElement, stage: HTMLElement, done: () => void) {
  const videoOf = () => stage.querySelector('video');
  const look = () => {
    button.hidden = !document.pictureInPictureEnabled || videoOf() === null;
  };
  look();
  new MutationObserver(look).observe(stage, { childList: true, subtree: true });
  button.addEventListener('click', () => {
    const video = videoOf();
    if (!video) return;
    const turn = document.pictureInPictureElement
      ? document.exitPictureInPicture()
      : video.requestPictureInPicture();
    // The browser may refuse before the first picture is there.
    turn.then(done, () => {});
  });
}
