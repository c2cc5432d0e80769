interface City {
  name: string;
  counties: string[];
  /** Towns that help the carrier; none need be chosen. */
  isOpen: boolean;
}

type Field = HTMLInputElement | HTMLSelectElement;

/**
 * City and county are chosen once the province is: the two text fields give way to lists of that province. Where there
 * are none, or they do not come, the text fields stay; the server reads both alike.
 */
export function startDivisions(root: HTMLElement) {
  const form = root.closest('form');
  const province = form?.querySelector<HTMLSelectElement>('select[name="province"]');
  const city = createChoice(root, 'city');
  const county = createChoice(root, 'county');
  if (!province || !city || !county) return;
  let cities: readonly City[] = [];
  let turn = 0;

  const showCounties = () => {
    const chosen = cities.find(({ name }) => name === city.field().value);
    const names = cities.length === 0 ? undefined : (chosen?.counties ?? []);
    county.show(names, { isNeeded: chosen === undefined || !chosen.isOpen });
    // A county that its province governs directly has none below it.
    county.hide(chosen?.counties.length === 0);
  };

  const load = async () => {
    turn += 1;
    const mine = turn;
    const found = province.value === '' ? [] : await citiesOf(province.value);
    // Another province has been chosen meanwhile.
    if (mine !== turn) return;
    cities = found;
    city.show(cities.length > 0 ? cities.map(({ name }) => name) : undefined);
    showCounties();
    root.dataset['ready'] = province.value;
  };

  province.addEventListener('change', () => void load());
  root.addEventListener('change', ({ target }) => target === city.field() && showCounties());
  void load();
}

/** A text field that a list can take the place of. */
function createChoice(root: HTMLElement, name: string) {
  const text = root.querySelector<HTMLInputElement>(`input[name="${name}"]`);
  if (!text) return undefined;
  const box = text.closest<HTMLElement>('.field');
  const list = document.createElement('select');
  list.className = 'select';
  for (const { name: attribute, value } of text.attributes) {
    if (/^(id|name|autocomplete|aria-.*)$/.test(attribute)) list.setAttribute(attribute, value);
  }
  let now: Field = text;

  function swap(to: Field) {
    if (now === to) return;
    const hadFocus = document.activeElement === now;
    now.replaceWith(to);
    now = to;
    if (hadFocus) to.focus();
  }

  return {
    field: () => now,
    /** @param names what to choose from; undefined for a field to write in */
    show(names: readonly string[] | undefined, { isNeeded = true } = {}) {
      const before = now.value;
      if (!names) {
        text.value = now === list ? '' : text.value;
        swap(text);
        return;
      }
      const nothing = root.dataset[isNeeded ? 'choose' : 'optional'] ?? '';
      list.replaceChildren(new Option(nothing, ''), ...names.map((one) => new Option(one, one)));
      list.value = meant(names, before) ?? (isNeeded && names.length === 1 ? (names[0] ?? '') : '');
      list.required = isNeeded && names.length > 0 && root.dataset['required'] !== undefined;
      swap(list);
    },
    hide: (is: boolean) => void box?.toggleAttribute('hidden', is),
  };
}

/** What was written before there was a list: 长沙 is 长沙市. The server knows more ways of writing it. */
function meant(names: readonly string[], text: string): string | undefined {
  if (names.includes(text)) return text;
  const begins = text.length > 1 ? names.filter((name) => name.startsWith(text)) : [];
  return begins.length === 1 ? begins[0] : undefined;
}

const known = new Map<string, Promise<City[]>>();

function citiesOf(province: string): Promise<City[]> {
  const asked = known.get(province) ?? ask(province);
  known.set(province, asked);
  return asked;
}

async function ask(province: string): Promise<City[]> {
  try {
    const answer = await fetch(`/api/divisions/${encodeURIComponent(province)}`, {
      headers: { Accept: 'application/json' },
    });
    if (answer.ok) return ((await answer.json()) as { cities: City[] }).cities;
  } catch {
    // Written by hand, then, until the line is back.
  }
  known.delete(province);
  return [];
}
