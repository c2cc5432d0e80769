import { formatMoney, money } from '../../server/platform/money.ts';
import { isLang } from '../../server/platform/lang.ts';

/** Small helps for forms that work without them too. */
export function startForms() {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-autosubmit]')) {
    form.dataset['ready'] = '';
    form.addEventListener('change', () => form.requestSubmit());
  }
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-purchase]')) limitToStock(form);
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-checkout]')) showTotal(form);
  for (const form of document.querySelectorAll<HTMLFormElement>('form[method="post"]')) sendOnce(form);
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

function showTotal(form: HTMLFormElement) {
  const unit = Number(form.querySelector<HTMLElement>('[data-unit-amount]')?.dataset['unitAmount']);
  const qty = form.querySelector<HTMLInputElement>('[name="qty"]');
  const lang = document.documentElement.lang;
  if (!qty || !Number.isFinite(unit) || !isLang(lang)) return;
  qty.addEventListener('input', () => {
    if (!Number.isInteger(qty.valueAsNumber) || qty.valueAsNumber < 1) return;
    const text = formatMoney(money(unit * qty.valueAsNumber), lang);
    for (const total of form.querySelectorAll('[data-total]')) {
      (total.querySelector('.price__amount') ?? total).textContent = text;
    }
  });
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
