import { showCartCount } from './cart.ts';

/** How long a button says that something was put in, ms. */
const SAID_MS = 1_800;

/**
 * For those who gather several things: puts one into the basket without leaving the room. A button stands in a form that
 * would do the same by itself; the one in the buy sheet takes the pieces that are chosen there.
 *
 * @param chosen what the buy sheet shows
 */
export function startRoomBasket(chosen: () => { sku: string; qty: string } | undefined) {
  document.addEventListener('click', (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-basket-add]');
    if (!button) return;
    event.preventDefault();
    const sku = button.form?.querySelector<HTMLInputElement>('[name="sku"]')?.value;
    const what = sku === undefined ? chosen() : { sku, qty: '1' };
    if (what) void add(button, what);
  });
  void count();
}

async function add(button: HTMLButtonElement, what: { sku: string; qty: string }) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  const answer = await fetch('/cart/items', {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams(what),
  }).catch(() => undefined);
  button.removeAttribute('aria-busy');
  // Whatever went wrong, the basket says it in words; it opens beside the room.
  if (!answer?.ok) return void window.open('/cart', '_blank', 'noopener');
  showCartCount(((await answer.json()) as { count: number }).count);
  const status = document.querySelector('[data-basket-said]');
  if (status) status.textContent = button.dataset['said'] ?? '';
  button.setAttribute('data-said-now', '');
  setTimeout(() => {
    button.removeAttribute('data-said-now');
    if (status) status.textContent = '';
  }, SAID_MS);
}

async function count() {
  const answer = await fetch('/api/me', { headers: { Accept: 'application/json' } }).catch(() => undefined);
  if (answer?.ok) showCartCount(((await answer.json()) as { cartCount?: number }).cartCount ?? 0);
}
