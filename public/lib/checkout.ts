import { fieldsOf } from './forms.ts';

const CALM_MS = 250;

/** What changes the sum; everything else of the form is only carried along. */
const COUNTS = new Set(['addressId', 'province', 'qty', 'coupon']);

/** The sum is worked out by the server at every change that matters, without a button and without losing one's place. */
export function startCheckout() {
  const form = document.querySelector<HTMLFormElement>('[data-checkout-page]');
  if (!form) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;
  form.dataset['ready'] = '';
  showPocket(form);

  const later = (event: Event) => {
    const { name } = event.target as HTMLInputElement;
    if (!COUNTS.has(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void quote(), CALM_MS);
  };
  form.addEventListener('change', later);
  // The buttons beside a quantity tell of an input, not of a change.
  form.querySelector('[name="qty"]')?.addEventListener('input', later);
  form.addEventListener('submit', (event) => {
    if ((event.submitter as HTMLButtonElement | null)?.value !== 'quote') return;
    event.preventDefault();
    // Nothing was sent that must not be sent twice.
    delete form.dataset['sent'];
    event.submitter?.removeAttribute('aria-busy');
    clearTimeout(timer);
    void quote();
  });

  async function quote() {
    asked += 1;
    const turn = asked;
    const fields = fieldsOf(form!);
    fields.set('intent', 'quote');
    form!.setAttribute('aria-busy', 'true');
    const answer = await fetch(form!.action, {
      method: 'POST',
      headers: { Accept: 'text/html' },
      body: fields,
    }).catch(() => undefined);
    const html = await answer?.text();
    // A later question is under way: this answer is old.
    if (turn !== asked) return;
    form!.removeAttribute('aria-busy');
    if (html !== undefined) show(new DOMParser().parseFromString(html, 'text/html'));
  }
}

/** Puts what the server has worked out in the places of what was there. */
function show(fresh: Document) {
  for (const part of document.querySelectorAll<HTMLElement>('[data-checkout-part]')) {
    const name = part.dataset['checkoutPart'] ?? '';
    const next = fresh.querySelector(`[data-checkout-part="${name}"]`);
    if (next && !part.contains(document.activeElement)) part.replaceChildren(...next.childNodes);
    else if (next) keepFocus(part, next);
  }
}

/** The button that was pressed stays where the keyboard is; only what stands around it is new. */
function keepFocus(part: HTMLElement, next: Element) {
  const held = document.activeElement;
  const label = held?.textContent;
  part.replaceChildren(...next.childNodes);
  [...part.querySelectorAll('button')].find(({ textContent }) => textContent === label)?.focus();
}

/** Coupons that the reader holds: one tap writes the code and works the sum out. Without a script the field offers them. */
function showPocket(form: HTMLFormElement) {
  const field = form.querySelector<HTMLInputElement>('[name="coupon"]');
  for (const row of form.querySelectorAll<HTMLElement>('[data-pocket]')) row.hidden = false;
  for (const button of form.querySelectorAll<HTMLButtonElement>('[data-use-coupon]')) {
    button.addEventListener('click', () => {
      if (!field) return;
      field.value = button.dataset['useCoupon'] ?? '';
      field.dispatchEvent(new Event('change', { bubbles: true }));
    });
  }
}
