/** Buttons that copy the value beside them; without a script, or without a clipboard, the value is selected by hand. */
export function startCopying(root: ParentNode) {
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-copy]')) {
    const value = button.parentElement?.querySelector<HTMLElement>('[data-copy-value]');
    if (!value) continue;
    button.hidden = false;
    const words = button.textContent;
    button.addEventListener('click', () => {
      copy(value)
        .then(() => {
          button.textContent = button.dataset['done'] ?? words;
          setTimeout(() => (button.textContent = words), 2_000);
        })
        .catch(() => select(value));
    });
  }
}

/** The clipboard is only there on https and localhost: on a village LAN the old way is all there is. */
async function copy(value: HTMLElement) {
  if (navigator.clipboard) return navigator.clipboard.writeText(value.textContent ?? '');
  select(value);
  if (!document.execCommand('copy')) throw new Error('nothing was copied');
}

function select(value: HTMLElement) {
  const range = document.createRange();
  range.selectNodeContents(value);
  const selection = getSelection();
  selection?.removeAllRanges();
  selection?.addRange(range);
}
