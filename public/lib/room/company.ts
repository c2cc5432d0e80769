import { formatCount, need, type Speak } from '../page-data.ts';

interface Company {
  signedIn: boolean;
  following: boolean;
  followers: number;
  reminded: boolean;
  waiting: number;
}

interface Deps {
  liveId: string;
  lang: string;
  say: Speak;
  tell: (text: string) => void;
}

/** Following the host and the reminder: plain forms that a script makes quicker. */
export function startCompany({ liveId, lang, say, tell }: Deps) {
  const state: Company = { signedIn: false, following: false, followers: 0, reminded: false, waiting: 0 };
  const forms = [...document.querySelectorAll<HTMLFormElement>('[data-company]')];
  for (const form of forms) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void send(form);
    });
  }
  void load();

  async function load() {
    const answer = await fetch(`/live/${liveId}/company`, { headers: { Accept: 'application/json' } }).catch(
      () => undefined,
    );
    if (!answer?.ok) return;
    Object.assign(state, await answer.json());
    show();
  }

  async function send(form: HTMLFormElement) {
    if (!state.signedIn) {
      location.assign(`/login?next=${encodeURIComponent(`/live/${liveId}`)}`);
      return;
    }
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value);
    const button = form.querySelector('button');
    button?.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        headers: { Accept: 'application/json' },
        body,
      });
      const news = (await answer.json()) as Partial<Company> & {
        error?: { message: string; fields?: Record<string, string> };
      };
      if (news.error) {
        const email = form.querySelector<HTMLInputElement>('[name="email"]');
        if (email && news.error.fields?.['email']) {
          email.hidden = false;
          email.focus();
        }
        tell(news.error.fields?.['email'] ?? news.error.message);
        return;
      }
      Object.assign(state, news);
      if (news.reminded) tell(say('company.willRemind'));
      show();
    } catch {
      tell(say('reconnecting'));
    } finally {
      button?.removeAttribute('aria-busy');
    }
  }

  function show() {
    for (const form of forms) {
      const kind = form.dataset['company'];
      const on = kind === 'follow' ? state.following : state.reminded;
      need<HTMLInputElement>('[name="on"]', form).value = on ? '0' : '1';
      const button = need('button', form);
      button.setAttribute('aria-pressed', String(on));
      const text =
        kind === 'follow'
          ? say(on ? 'company.following' : 'company.follow')
          : say(on ? 'company.reminded' : 'company.remind');
      need('[data-company-text]', form).textContent = text;
    }
    for (const place of document.querySelectorAll<HTMLElement>('[data-followers]')) {
      place.hidden = state.followers === 0;
      place.textContent = say('company.followers', { n: formatCount(state.followers, lang) });
    }
    for (const place of document.querySelectorAll<HTMLElement>('[data-waiting]')) {
      place.hidden = state.waiting === 0;
      place.textContent = say('company.waiting', { n: formatCount(state.waiting, lang) });
    }
  }
}
