export interface Form {
  [name: string]: string | Form;
}

const MAX_DEPTH = 5;

/** Stripe's form encoding: `metadata[ref]=X&types[0]=a` -> `{ metadata: { ref: 'X' }, types: { 0: 'a' } }`. */
export function parseForm(text: string): Form {
  const form = emptyForm();
  for (const [name, value] of new URLSearchParams(text)) {
    const [head = '', ...rest] = name.split('[');
    const path = [head, ...rest.map((part) => part.replace(/\]$/, ''))];
    if (path.length > MAX_DEPTH) continue;
    let at = form;
    for (const step of path.slice(0, -1)) {
      const next = at[step];
      at = typeof next === 'object' ? next : (at[step] = emptyForm());
    }
    const last = path.at(-1) ?? '';
    at[last === '' ? String(Object.keys(at).length) : last] = value;
  }
  return form;
}

/** Without a prototype: a parameter called `__proto__` is a parameter like any other. */
function emptyForm(): Form {
  return Object.create(null) as Form;
}
