import { isLang } from '../../server/platform/lang.ts';
import { formatMoney, money } from '../../server/platform/money.ts';
import { fieldsOf } from './forms.ts';

/** The number beside every basket; none where there is nothing in it. */
export function showCartCount(count: number) {
  for (const element of document.querySelectorAll<HTMLElement>('[data-cart-count]')) {
    element.textContent = count > 99 ? '99+' : String(count);
    element.hidden = count === 0;
  }
}

/** Baskets work by plain forms; a script only spares the way there and back. */
export function startCart() {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-add-to-cart]')) addInPlace(button);
  const pick = document.querySelector<HTMLFormElement>('[data-cart-pick]');
  if (pick) sumUpChoice(pick);
}

function addInPlace(button: HTMLButtonElement) {
  const said = button.textContent;
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.form?.addEventListener('submit', (event) => {
    if (event.submitter !== button || !button.form) return;
    event.preventDefault();
    button.setAttribute('aria-busy', 'true');
    void send(button.formAction, fieldsOf(button.form)).then((count) => {
      button.removeAttribute('aria-busy');
      // Whatever went wrong, the page behind the plain form says it in words.
      if (count === undefined) return location.assign('/cart');
      showCartCount(count);
      button.textContent = button.dataset['added'] ?? said;
      clearTimeout(timer);
      timer = setTimeout(() => (button.textContent = said), 2_000);
    });
  });
}

async function send(address: string, fields: URLSearchParams): Promise<number | undefined> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: fields,
  }).catch(() => undefined);
  if (!answer?.ok) return undefined;
  return ((await answer.json()) as { count: number }).count;
}

/** The sum of the chosen lines, as the server has worked each out. */
function sumUpChoice(pick: HTMLFormElement) {
  const lang = document.documentElement.lang;
  const total = document.querySelector('[data-cart-total]');
  const go = document.querySelector<HTMLButtonElement>('[data-cart-go]');
  const boxes = [...pick.elements].filter((one): one is HTMLInputElement => one instanceof HTMLInputElement);
  if (!total || !isLang(lang)) return;
  const show = () => {
    const chosen = boxes.filter(({ checked }) => checked);
    const fen = chosen.reduce((sum, { dataset }) => sum + Number(dataset['lineTotal']), 0);
    total.textContent = formatMoney(money(fen), lang);
    if (go) go.disabled = chosen.length === 0;
  };
  for (const box of boxes) box.addEventListener('change', show);
  show();
}
