import { need } from '../page-data.ts';

/** On a phone one part of the console at a time, chosen at the thumb; a laptop shows them all. */
export function startViews(root: HTMLElement) {
  const buttons = [...root.querySelectorAll<HTMLButtonElement>('[data-show]')];
  const dot = need('[data-dot]', root);
  for (const button of buttons) {
    button.addEventListener('click', () => {
      const view = button.dataset['show'] ?? 'table';
      root.dataset['view'] = view;
      if (view === 'chat') dot.hidden = true;
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      window.scrollTo({ top: 0 });
    });
  }
  return {
    /** Somebody has asked something while the chat is out of sight. */
    nudge() {
      dot.hidden = root.dataset['view'] === 'chat';
    },
  };
}
