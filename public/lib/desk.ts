/** Small helps on a cooperative's desk; every page of it works without them. */
export function startDesk(root: ParentNode) {
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => window.print());
  }
  for (const form of root.querySelectorAll<HTMLFormElement>('form[data-shelf-life]')) keepBestBefore(form);
}

/** Best before follows the day of making until somebody has chosen another. */
function keepBestBefore(form: HTMLFormElement) {
  const madeOn = form.querySelector<HTMLInputElement>('[data-made-on]');
  const bestBefore = form.querySelector<HTMLInputElement>('[data-best-before]');
  const days = Number(form.dataset['shelfLife']);
  if (!madeOn || !bestBefore || !Number.isInteger(days)) return;
  let own = bestBefore.value !== '';
  const follow = () => {
    if (own || madeOn.value === '') return;
    const day = new Date(`${madeOn.value}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + days);
    bestBefore.value = day.toISOString().slice(0, 10);
  };
  bestBefore.addEventListener('input', () => (own = bestBefore.value !== ''));
  madeOn.addEventListener('input', follow);
  follow();
}

/** Whether somebody has begun to fill in something here that a fresh page would wipe away. */
export function isBeingFilledIn(root: ParentNode): boolean {
  const texts = [
    ...root.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('form input, form textarea'),
  ];
  const choices = [...root.querySelectorAll<HTMLOptionElement>('form option')];
  return (
    texts.some((field) =>
      field instanceof HTMLInputElement && (field.type === 'radio' || field.type === 'checkbox')
        ? field.checked !== field.defaultChecked
        : field.value !== field.defaultValue,
    ) ||
    // A list that nothing is chosen in shows its first choice.
    choices.some((choice) => choice.selected && !choice.defaultSelected && choice.index > 0)
  );
}

/** What was folded open stays open when the page is drawn anew. */
export function openFolds(root: ParentNode): () => void {
  const open = [...root.querySelectorAll<HTMLDetailsElement>('details[open][id]')].map(({ id }) => id);
  return () => {
    for (const id of open) {
      const fold = document.getElementById(id);
      if (fold instanceof HTMLDetailsElement) fold.open = true;
    }
  };
}
