import { canCheck, checkDraw, type DrawData, type Verdict } from './draw-check.ts';
import { sealSeen } from './draw-seal.ts';
import { need, pageData } from './page-data.ts';

type Says = Record<
  'running' | 'allTrue' | 'someFalse' | 'noCrypto' | 'failed' | 'yes' | 'no' | 'skipped',
  string
>;

type Step = keyof Verdict | 'seen' | 'yours';

/** The page that checks a draw: it gets the data like everybody can, and believes none of it. */
export function startDrawPage(page: HTMLElement) {
  const says = pageData<Says>('draw-texts');
  const line = page.querySelector<HTMLElement>('[data-verdict]');
  const run = page.querySelector<HTMLButtonElement>('[data-run]');
  if (!line || !run) return; // not drawn yet: nothing to check
  const id = page.dataset['drawCheck'] ?? '';
  run.hidden = false;
  run.addEventListener('click', () => void check());
  void check();

  async function check() {
    line!.textContent = canCheck() ? says.running : says.noCrypto;
    delete line!.dataset['verdict'];
    if (!canCheck()) return;
    run!.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(`/draws/${id}/data.json`, { headers: { Accept: 'application/json' } });
      if (!answer.ok) throw new Error(String(answer.status));
      await show((await answer.json()) as DrawData);
    } catch {
      line!.textContent = says.failed;
    } finally {
      run!.removeAttribute('aria-busy');
    }
  }

  async function show(data: DrawData) {
    const verdict = await checkDraw(data);
    const seen = sealSeen(id);
    const mine = page.querySelector<HTMLElement>('[data-mine]')?.dataset['mine'];
    const results: Record<Step, boolean | undefined> = {
      ...verdict,
      seen: seen === undefined ? undefined : seen === data.commitment,
      yours: mine === undefined || !data.entrants?.includes(mine) ? undefined : true,
    };
    need('[data-steps]', page).hidden = false;
    for (const [step, result] of Object.entries(results)) mark(step, result);
    const good = Object.values(results).every((result) => result !== false);
    line!.dataset['verdict'] = String(good);
    line!.textContent = good ? says.allTrue : says.someFalse;
  }

  function mark(step: string, result: boolean | undefined) {
    const item = need(`[data-step-of="${step}"]`, page);
    item.dataset['result'] = result === undefined ? 'skipped' : String(result);
    item.querySelector('.draw__mark')?.remove();
    const word = document.createElement('strong');
    word.className = 'draw__mark';
    word.textContent = result === undefined ? says.skipped : result ? says.yes : says.no;
    item.append(word);
  }
}
