/** What the server has laid into the page for its script: `<script type="application/json" id="...">`. */
export function pageData<T>(id: string): T {
  const element = document.getElementById(id);
  if (!element?.textContent) throw new Error(`the page carries no ${id}`);
  return JSON.parse(element.textContent) as T;
}

/** The element that the page must have. */
export function need<E extends Element = HTMLElement>(selector: string, root: ParentNode = document): E {
  const element = root.querySelector<E>(selector);
  if (!element) throw new Error(`the page has no ${selector}`);
  return element;
}

export type Texts = Record<string, string | Record<string, string>>;

/** Sentences of the page's language, with {{values}} filled in. */
export function speak(texts: Texts) {
  return (key: string, values: Record<string, string | number> = {}): string => {
    const [branch = '', leaf] = key.split('.');
    const found = texts[branch];
    const text = typeof found === 'object' ? found[leaf ?? ''] : found;
    return (text ?? key).replaceAll(/\{\{(\w+)\}\}/g, (_all, name: string) => String(values[name] ?? ''));
  };
}

export type Speak = ReturnType<typeof speak>;

/** 12,345 -> "1.2万" or "12K". */
export function formatCount(count: number, lang: string): string {
  if (count < 10_000) return String(count);
  return new Intl.NumberFormat(lang, { notation: 'compact', maximumFractionDigits: 1 }).format(count);
}

/** A random id for one tap. Works on plain http too, where crypto.randomUUID does not exist. */
export function newClickId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
}
