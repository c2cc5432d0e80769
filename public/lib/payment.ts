/** The part of Stripe.js that a Payment Element needs; it must come from Stripe's own address and is never bundled. */
interface StripeJs {
  elements(options: { clientSecret: string; locale: string; appearance: object }): StripeElements;
  confirmPayment(options: {
    elements: StripeElements;
    confirmParams: { return_url: string };
  }): Promise<{ error?: { type: string; message?: string } }>;
}

interface StripeElements {
  create(
    kind: 'payment',
    options?: object,
  ): { mount(place: Element): void; on(event: 'ready', then: () => void): void };
  submit(): Promise<{ error?: { message?: string } }>;
}

type StripeFactory = (publishableKey: string, options: { locale: string }) => StripeJs;

/** Stripe.js of the same release as the API version that the server's library is pinned to. */
const STRIPE_JS = 'https://js.stripe.com/endive/stripe.js';

/** Opens the ways to pay in `form`, and pays when it is sent. Card numbers go from Stripe's frame to Stripe. */
export async function startPayment(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector<HTMLButtonElement>('[type="submit"]');
  const place = form.querySelector('[data-pay-element]');
  const problem = form.querySelector<HTMLElement>('[data-pay-error]');
  const {
    publishableKey = '',
    clientSecret = '',
    returnUrl = '',
    failed = '',
    unreachable = '',
  } = form.dataset;
  if (!button || !place || !problem) return;

  const show = (message: string | undefined) => {
    problem.textContent = message ?? '';
    problem.hidden = message === undefined;
  };

  let stripe: StripeJs;
  let elements: StripeElements;
  try {
    const locale = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en';
    stripe = (await loadStripe())(publishableKey, { locale });
    elements = stripe.elements({ clientSecret, locale, appearance: { theme: 'stripe' } });
  } catch {
    place.replaceChildren();
    return show(unreachable);
  }
  const element = elements.create('payment');
  element.on('ready', () => {
    place.querySelector('[role="status"]')?.remove();
    button.disabled = false;
  });
  element.mount(place);

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    button.setAttribute('aria-busy', 'true');
    show(undefined);
    void pay(stripe, elements, returnUrl)
      .catch(() => unreachable)
      .then((message) => {
        // Without a message the browser is on its way to the return page.
        if (message === undefined) return;
        button.removeAttribute('aria-busy');
        show(message || failed);
      });
  });
}

/** @returns what to tell the buyer when it did not work: Stripe says it in the buyer's language */
async function pay(
  stripe: StripeJs,
  elements: StripeElements,
  returnUrl: string,
): Promise<string | undefined> {
  const checked = await elements.submit();
  if (checked.error) return checked.error.message ?? '';
  const { error } = await stripe.confirmPayment({ elements, confirmParams: { return_url: returnUrl } });
  return error ? (error.message ?? '') : undefined;
}

function loadStripe(): Promise<StripeFactory> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = STRIPE_JS;
    script.async = true;
    script.addEventListener('error', () => reject(new Error('Stripe.js did not load')));
    script.addEventListener('load', () => {
      const factory = (window as { Stripe?: StripeFactory }).Stripe;
      if (factory) resolve(factory);
      else reject(new Error('Stripe.js is not there'));
    });
    document.head.append(script);
  });
}

/** Stripe adds the client secret to the address it returns to: it need not stay in the history. */
export function forgetSecret() {
  const url = new URL(location.href);
  if (!url.searchParams.has('payment_intent_client_secret')) return;
  url.searchParams.delete('payment_intent_client_secret');
  history.replaceState(history.state, '', url);
}
