import { isLang } from '../../server/platform/lang.ts';
import { need } from './page-data.ts';
import { beijingTime } from './time.ts';

interface Place {
  sku: string;
  standing: 'waiting' | 'offered' | 'missed';
  says: string;
  payUrl: string | null;
}

interface Answer {
  signedIn: boolean;
  items: Place[];
}

/** Something that somebody waited for is held for them: every page says so until it is paid or has lapsed. */
export function showCall({ payUrl, until }: { payUrl: string; until: string }) {
  const call = document.querySelector<HTMLAnchorElement>('[data-call]');
  const { lang } = document.documentElement;
  if (!call || !isLang(lang) || location.pathname.startsWith(payUrl)) return;
  call.href = payUrl;
  need('[data-call-text]', call).textContent = (call.dataset['text'] ?? '').replace(
    '{time}',
    beijingTime(until, lang),
  );
  call.hidden = false;
}

/** The line of a product that is sold out; its page is the same for everybody, so what is one's own is asked for. */
export function startWaits(section: HTMLElement) {
  const rows = [...section.querySelectorAll<HTMLElement>('[data-wait-for]')];
  for (const form of section.querySelectorAll('form')) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      delete form.dataset['sent'];
      void send(form);
    });
  }
  void look();

  async function look() {
    const answer = await ask('/api/waits');
    if (!answer) return;
    show(answer.items);
    // They tapped before they had to sign in: that was the wish, and this is its end.
    const wanted = new URLSearchParams(location.search).get('wait');
    const row = rows.find((one) => one.dataset['waitFor'] === wanted);
    if (!row || !answer.signedIn) return;
    history.replaceState(null, '', `${location.pathname}#waiting`);
    section.scrollIntoView({ block: 'center' });
    if (!answer.items.some(({ sku, standing }) => sku === wanted && standing !== 'missed')) {
      await send(need<HTMLFormElement>('form', row));
    }
  }

  async function send(form: HTMLFormElement) {
    const fields = new URLSearchParams(
      [...new FormData(form)].map(([name, value]) => [name, typeof value === 'string' ? value : '']),
    );
    const buttons = buttonsOf(form);
    for (const button of buttons) button.setAttribute('aria-busy', 'true');
    const answer = await ask(form.action, { method: 'POST', body: fields }).catch(() => undefined);
    for (const button of buttons) button.removeAttribute('aria-busy');
    if (answer) show(answer.items);
    else if (answer === undefined) form.submit();
  }

  /** @returns null where the page says by itself what was answered */
  async function ask(address: string, init: RequestInit = {}): Promise<Answer | null> {
    const answer = await fetch(address, { ...init, headers: { Accept: 'application/json' } });
    if (answer.ok) return (await answer.json()) as Answer;
    if (answer.status === 401) signIn(init.body);
    else await refuse(answer, init.body);
    return null;
  }

  function signIn(body: RequestInit['body']) {
    const sku = body instanceof URLSearchParams ? body.get('sku') : '';
    const back = `${location.pathname}?wait=${encodeURIComponent(sku ?? '')}`;
    location.assign(`/login?next=${encodeURIComponent(back)}`);
  }

  async function refuse(answer: Response, body: RequestInit['body']) {
    const { error } = (await answer.json()) as { error: { message: string; fields?: { sku?: string } } };
    const sku = body instanceof URLSearchParams ? body.get('sku') : undefined;
    const row = rows.find((one) => one.dataset['waitFor'] === sku);
    if (row) need('[data-wait-says]', row).textContent = error.fields?.sku ?? error.message;
  }

  function show(places: readonly Place[]) {
    for (const row of rows) {
      const place = places.find(({ sku }) => sku === row.dataset['waitFor']);
      const form = need<HTMLFormElement>('form', row);
      const pay = need<HTMLAnchorElement>('[data-wait-pay]', row);
      const isIn = place?.standing === 'waiting';
      need('[data-wait-says]', row).textContent = place?.says ?? '';
      need<HTMLInputElement>('[name="on"]', form).value = isIn ? '0' : '1';
      for (const button of buttonsOf(form)) {
        button.textContent = button.dataset[isIn ? 'leave' : 'join'] ?? '';
      }
      pay.hidden = !place?.payUrl;
      form.hidden = !pay.hidden;
      if (place?.payUrl) pay.href = place.payUrl;
    }
  }
}

/** The one beside the words, and the one in the bar at the thumb. */
function buttonsOf(form: HTMLFormElement): HTMLButtonElement[] {
  return [...form.elements].filter((one): one is HTMLButtonElement => one instanceof HTMLButtonElement);
}
