/** Small helps for forms that work without them too. */
export function startForms() {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-autosubmit]')) {
    form.dataset['ready'] = '';
    form.addEventListener('change', () => form.requestSubmit());
  }
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-purchase]')) limitToStock(form);
  for (const form of document.querySelectorAll<HTMLFormElement>('form[method="post"]')) sendOnce(form);
  leadToMistake();
}

/** A form that came back is long on a phone: the reader begins at what is wrong in it. */
function leadToMistake() {
  if (location.hash !== '') return;
  const wrong = document.querySelector<HTMLElement>(
    '[aria-invalid="true"], .field--wrong :is(input, select, textarea)',
  );
  // What is behind a choice that is not made cannot be the next thing to do.
  if (wrong?.checkVisibility?.() ?? wrong) wrong?.focus();
}

/** The quantity goes no further than what there is of the chosen variant. */
function limitToStock(form: HTMLFormElement) {
  const qty = form.querySelector<HTMLInputElement>('[name="qty"]');
  if (!qty) return;
  const apply = () => {
    const chosen = form.querySelector<HTMLInputElement>('[data-available]:checked');
    if (!chosen) return;
    qty.max = String(Math.max(1, Math.min(99, Number(chosen.dataset['available']))));
    if (qty.valueAsNumber > Number(qty.max)) qty.value = qty.max;
    qty.dispatchEvent(new Event('input'));
  };
  form.addEventListener('change', apply);
  apply();
}

/** A second tap on a slow line changes nothing: the first one is on its way. */
function sendOnce(form: HTMLFormElement) {
  form.addEventListener('submit', (event) => {
    if (form.dataset['sent'] !== undefined) event.preventDefault();
    form.dataset['sent'] = '';
    event.submitter?.setAttribute('aria-busy', 'true');
  });
  // Back from the next page by the browser's own memory: the form is a fresh one again.
  window.addEventListener('pageshow', () => {
    delete form.dataset['sent'];
    for (const button of form.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
  });
}

/** What a form holds, as a browser would send it. Files are none of its business. */
export function fieldsOf(form: HTMLFormElement): URLSearchParams {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
  return fields;
}
