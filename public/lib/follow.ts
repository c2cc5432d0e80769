/** Following a cooperative: the page is the same for everybody, so what is one's own is asked for. */
export function startFollow(form: HTMLFormElement) {
  const button = form.querySelector('button');
  const wish = form.querySelector<HTMLInputElement>('[name="on"]');
  const count = form.querySelector('[data-follow-count]');
  if (!button || !wish) return;

  function show(state: { following: boolean; count: number }) {
    button!.setAttribute('aria-pressed', String(state.following));
    button!.textContent = (state.following ? button!.dataset['on'] : button!.dataset['off']) ?? '';
    wish!.value = state.following ? '0' : '1';
    if (count) count.textContent = state.count > 0 ? String(state.count) : '';
  }

  async function ask(init: RequestInit = {}) {
    const answer = await fetch(form.action, { ...init, headers: { Accept: 'application/json' } });
    if (answer.ok) show((await answer.json()) as { following: boolean; count: number });
    return answer.status;
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void ask({ method: 'POST', body: new URLSearchParams({ on: wish.value }) })
      // Whoever has to sign in first comes back to here.
      .then((status) => status === 401 && location.assign(`/login?next=${location.pathname}`))
      .catch(() => form.submit());
  });
  ask().catch(() => {
    // The shop is restarting: the plain form works.
  });
}
