import { showCall, startWaits } from '../lib/back-in-stock.ts';
import { startCart, showCartCount } from '../lib/cart.ts';
import { startCheckout } from '../lib/checkout.ts';
import { startCountdowns } from '../lib/countdown.ts';
import { startForms } from '../lib/forms.ts';
import { keepMini, readMini } from '../lib/mini.ts';
import { showChosen } from '../lib/rows.ts';
import { startSteppers } from '../lib/stepper.ts';

/** Every page of the shop: who is reading it, quantity buttons, countdowns, and news where a page waits for some. */
interface Me {
  signedIn: boolean;
  name?: string;
  cartCount?: number;
  /** Something that was waited for is held. */
  offered?: { payUrl: string; until: string };
}

async function showWhoIsHere() {
  const answer = await fetch('/api/me', { headers: { Accept: 'application/json' } });
  if (!answer.ok) return;
  const me = (await answer.json()) as Me;
  showCartCount(me.cartCount ?? 0);
  if (me.offered) showCall(me.offered);
  if (!me.signedIn) return;
  for (const element of document.querySelectorAll('[data-me-name]')) element.textContent = me.name ?? '';
  for (const element of document.querySelectorAll<HTMLElement>('[data-me]')) {
    element.hidden = element.dataset['me'] !== 'signed-in';
  }
}

showChosen(document);
startSteppers(document);
startForms();
startCart();
startCheckout();
startCountdowns(document, () => location.reload());
showWhoIsHere().catch(() => {
  // Offline, or the shop is restarting: the page stays as it was drawn for a guest.
});
if (document.querySelector('[data-copy]')) {
  void import('../lib/copy.ts').then(({ startCopying }) => startCopying(document));
}
const scanningTable = document.querySelector<HTMLElement>('[data-scanning]');
if (scanningTable) {
  void import('../lib/scanning.ts').then(({ startScanning }) => startScanning(scanningTable));
}
if (document.querySelector('.desk')) {
  void import('../lib/desk.ts').then(({ startDesk }) => startDesk(document));
}
if (document.querySelector('[data-order-state], [data-desk]')) {
  void import('../lib/news.ts').then(({ startNews }) => startNews());
}
/** Where one pays, works behind the counter, or was put out of a room, nothing plays in the corner. */
const QUIET = '.site--bare, form[data-checkout-page], form[data-pay], .desk, .host, [data-put-out]';
const mini = readMini();
if (document.querySelector('[data-put-out]')) keepMini(undefined);
else if (mini && document.querySelector('#mini-player') && !document.querySelector(QUIET)) {
  void import('../lib/mini-player.ts').then(({ startMiniPlayer }) => startMiniPlayer(mini));
}
const payForm = document.querySelector<HTMLFormElement>('form[data-pay]');
if (payForm) void import('../lib/payment.ts').then(({ startPayment }) => startPayment(payForm));
if (location.search.includes('payment_intent_client_secret')) {
  void import('../lib/payment.ts').then(({ forgetSecret }) => forgetSecret());
}
const drawPage = document.querySelector<HTMLElement>('[data-draw-check]');
if (drawPage) void import('../lib/draw-page.ts').then(({ startDrawPage }) => startDrawPage(drawPage));
if (document.querySelector('[data-arrange]')) {
  void import('../lib/arrange.ts').then(({ startArranging }) => startArranging());
}
if (document.querySelector('[data-share]')) {
  void import('../lib/share.ts').then(({ startShare }) => startShare(document));
}
for (const places of document.querySelectorAll<HTMLElement>('[data-divisions]')) {
  void import('../lib/divisions.ts').then(({ startDivisions }) => startDivisions(places));
}
const waits = document.querySelector<HTMLElement>('[data-waits]');
if (waits) startWaits(waits);
const followForm = document.querySelector<HTMLFormElement>('form[data-follow]');
if (followForm) void import('../lib/follow.ts').then(({ startFollow }) => startFollow(followForm));
