import type { RailItem, WireOffer } from '../../server/live/live.events.ts';
import type { Lang } from '../../server/platform/lang.ts';
import type { WireError, WireReceipt } from '../../server/orders/orders.events.ts';
import { formatMoney } from '../../server/platform/money.ts';
import type { ShopSocket } from './connection.ts';
import { formatLeft } from './countdown.ts';
import { need, newClickId, type Speak } from './page-data.ts';
import { shipsText } from './ships.ts';
import { startSteppers } from './stepper.ts';
import { beijingTime } from './time.ts';

/** How long an acknowledgement may take before the same tap is sent again. */
const ACK_MS = 4_000;
const TRIES = 4;

interface Deps {
  socket: ShopSocket;
  liveId: string;
  lang: Lang;
  say: Speak;
  /** The coupon that this person would use for so much of it. */
  coupon: (sku: string, fen: number) => { code: string; offFen: number } | undefined;
  /** An order has been placed. */
  ordered: () => void;
}

/** The sheet in which a tap becomes an order. The second tap is the order; a lost answer is asked for again. */
export function buySheet(deps: Deps) {
  const { say, lang } = deps;
  const sheet = need<HTMLDialogElement>('[data-buy-sheet]');
  const qty = need<HTMLInputElement>('#buy-qty', sheet);
  const confirm = need<HTMLButtonElement>('[data-buy-confirm]', sheet);
  const failure = need('[data-buy-error]', sheet);
  const part = (name: string) => need(`[data-${name}]`, sheet);
  let item: RailItem | undefined;
  let offer: WireOffer | undefined;
  let clickId = '';
  const useCoupon = need<HTMLInputElement>('[data-buy-coupon-use]', sheet);
  let coupon: string | undefined;
  let placing = false;
  let clock: ReturnType<typeof setInterval> | undefined;

  startSteppers(sheet);
  confirm.addEventListener('click', () => void place());
  qty.addEventListener('input', showTotal);
  useCoupon.addEventListener('change', showTotal);
  part('receipt-go-on').addEventListener('click', () => sheet.close());
  sheet.addEventListener('close', () => clearInterval(clock));
  sheet.addEventListener('click', (event) => event.target === sheet && sheet.close());

  function open(chosen: RailItem, at?: WireOffer) {
    item = chosen;
    offer = at;
    clickId = newClickId();
    delete sheet.dataset['step'];
    part('receipt').hidden = true;
    fail(undefined);
    part('buy-name').textContent = chosen.name;
    part('buy-variant').textContent = chosen.variant;
    part('buy-price').textContent = formatMoney(priceNow(chosen), lang);
    need<HTMLImageElement>('[data-buy-image]', sheet).src = chosen.image;
    qty.value = '1';
    // An offer's price is for one order by itself.
    part('buy-add').hidden = at !== undefined;
    show(chosen);
    if (!sheet.open) sheet.showModal();
    confirm.focus();
  }

  /** The stock has moved under an open sheet. */
  function show(news: RailItem) {
    if (item?.sku !== news.sku) return;
    item = news;
    const left = part('buy-left');
    left.textContent = leftText(news.available, say);
    left.toggleAttribute('data-few', news.available <= 20);
    part('buy-ships').textContent = shipsText(news.ships, lang, say);
    qty.max = String(Math.max(1, Math.min(offer?.perBuyer ?? 99, news.available)));
    qty.dispatchEvent(new Event('input'));
    showConfirm();
  }

  /** Never disabled while an order is under way: a button that is loses the keyboard's focus. */
  function showConfirm() {
    const soldOut = item?.available === 0;
    confirm.setAttribute('aria-busy', String(placing));
    confirm.disabled = soldOut && !placing;
    confirm.textContent = say(placing ? 'placing' : soldOut ? 'soldOut' : 'confirm');
    part('buy-add').toggleAttribute('disabled', soldOut);
  }

  function priceNow({ price }: RailItem) {
    return offer?.price ?? price;
  }

  function showTotal() {
    if (!item) return;
    const pieces = Number.isInteger(qty.valueAsNumber) ? Math.max(1, qty.valueAsNumber) : 1;
    const price = priceNow(item);
    const goods = price.amount * pieces;
    const best = deps.coupon(item.sku, goods);
    part('buy-coupon').hidden = best === undefined;
    part('buy-coupon-text').textContent = best
      ? say('drop.use', { off: formatMoney({ ...price, amount: best.offFen }, lang) })
      : '';
    coupon = best && useCoupon.checked ? best.code : undefined;
    const total = { ...price, amount: goods - (coupon ? (best?.offFen ?? 0) : 0) };
    part('buy-total').textContent = formatMoney(total, lang);
  }

  async function place() {
    if (!item || placing || !qty.reportValidity()) return;
    busy(true);
    fail(undefined);
    const answer = await send({
      clickId,
      liveId: deps.liveId,
      sku: item.sku,
      qty: qty.valueAsNumber,
      ...(offer ? { offerId: offer.id } : {}),
      ...(coupon ? { coupon } : {}),
    });
    busy(false);
    if ('order' in answer) {
      deps.ordered();
      showReceipt(answer.order);
    } else fail(answer.error.message);
  }

  /** Sends one tap until it is answered: the server makes one order of it, however often it arrives. */
  async function send(input: {
    clickId: string;
    liveId: string;
    sku: string;
    qty: number;
    offerId?: string;
    coupon?: string;
  }): Promise<{ order: WireReceipt } | { error: WireError }> {
    for (let turn = 0; turn < TRIES; turn += 1) {
      try {
        const answer = await deps.socket.timeout(ACK_MS).emitWithAck('order:place', input);
        if (answer.ok || answer.error.code !== 'unavailable') return answer;
        fail(answer.error.message);
      } catch {
        fail(say('noAnswer'));
      }
    }
    return { error: { code: 'unavailable', message: say('failed') } };
  }

  function showReceipt(order: WireReceipt) {
    sheet.dataset['step'] = 'placed';
    part('receipt').hidden = false;
    part('receipt-title').textContent = say('placed');
    part('receipt-what').textContent = `${item?.name ?? ''} ${item?.variant ?? ''} × ${qty.value}`;
    part('receipt-total').textContent = formatMoney(order.total, lang);
    const until = new Date(order.expiresAt);
    const time = beijingTime(until, lang);
    part('receipt-text').textContent = say('placedText', { time });
    part('receipt-code-label').textContent = say('orderCode');
    part('receipt-code').textContent = order.code;
    const pay = need<HTMLAnchorElement>('[data-receipt-pay]', sheet);
    pay.href = order.payUrl;
    pay.textContent = say('toOrder');
    part('receipt-go-on').textContent = say('goOn');
    clearInterval(clock);
    const tick = () => (part('receipt-clock').textContent = formatLeft(until.getTime() - Date.now()));
    clock = setInterval(tick, 1000);
    tick();
    part('receipt-title').focus();
  }

  function busy(is: boolean) {
    placing = is;
    showConfirm();
  }

  function fail(message: string | undefined) {
    failure.hidden = message === undefined;
    failure.textContent = message ?? '';
  }

  return {
    open,
    show,
    /** What is chosen in the open sheet, in a number that may be. */
    chosen: () => (item && qty.reportValidity() ? { sku: item.sku, qty: qty.value } : undefined),
  };
}

export function leftText(available: number, say: Speak): string {
  if (available === 0) return say('soldOut');
  return say(available <= 20 ? 'few' : 'left', { n: available });
}
