import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutComments } from './imports.ts';

/** What a place in the code asks for. */
export interface KeyUse {
  /** For whoever has to mend it. */
  where: string;
  /** A key; with `*` where a value stands in it. */
  key?: string;
  /** An expression whose value is the key. */
  dynamic?: string;
}

/** `{ a: { b: 'x' } }` -> `a.b` -> `x` */
export function flatten(texts: object, above = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [name, value] of Object.entries(texts)) {
    const key = above ? `${above}.${name}` : name;
    if (typeof value === 'string') flat.set(key, value);
    else for (const [below, text] of flatten(value as object, key)) flat.set(below, text);
  }
  return flat;
}

export function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name = '']) => name))].sort();
}

/** The key without i18next's plural ending. Codes of failures are never counted, and may well end in `_other`. */
export function withoutPlural(key: string): string {
  if (key.startsWith('errors.')) return key;
  return key.replace(/_(zero|one|two|few|many|other)$/, '');
}

export function filesBelow(root: string, folder: string, ending: string): { path: string; text: string }[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.startsWith('build/'))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') }));
}

/** `{{t "key"}}`, `(t "key")` and `(t (concat "prefix." x))` of a template. */
export function keysInTemplate(path: string, text: string): KeyUse[] {
  const uses: KeyUse[] = [];
  for (const [, key, prefix, dynamic] of text.matchAll(
    /(?:\{\{[{~#]*|\()\s*t\s+(?:"([^"]+)"|\(\s*concat\s+"([^"]+)"|([^\s)}]+))/g,
  )) {
    if (key !== undefined) uses.push({ where: path, key });
    else if (prefix !== undefined) uses.push({ where: path, key: `${prefix}*` });
    else if (dynamic !== undefined) uses.push({ where: path, dynamic });
  }
  return uses;
}

/** The first argument of every call of `callee`, as keys. */
export function keysInCalls(path: string, source: string, callee: RegExp): KeyUse[] {
  const text = withoutComments(source);
  const uses: KeyUse[] = [];
  for (const match of text.matchAll(new RegExp(`(?<![\\w$])(?:${callee.source})\\(`, 'g'))) {
    const [argument = ''] = argumentsAt(text, match.index + match[0].length);
    const where = `${path}: ${argument}`;
    // In a choice, what is compared is not what is said.
    const said = argument.replaceAll(/[!=]==\s*'[^']*'/g, '');
    const keys = [...said.matchAll(/'([^']+)'|`([^`]+)`/g)].map(
      ([, literal, template = '']) => literal ?? template.replaceAll(/\$\{[^}]*\}/g, '*'),
    );
    if (keys.length === 0) uses.push({ where, dynamic: argument });
    for (const key of keys) uses.push({ where, key });
  }
  return uses;
}

/** The arguments of a call whose parenthesis opens just before `start`. */
function argumentsAt(text: string, start: number): string[] {
  const list: string[] = [];
  let from = start;
  let depth = 0;
  for (let at = start; at < text.length && depth >= 0; at += 1) {
    const sign = text[at]!;
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    if (depth < 0 || (depth === 0 && sign === ',')) {
      list.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return list.filter(Boolean);
}

const CHECKS =
  /\.(?:min|max|length|regex|date|datetime|int|url|email|gte?|lte?|positive|nonempty|refine|enum|addIssue)\(/g;

/**
 * Keys of sentences about a field: those that failures carry (`fields: { slug: 'taken' }`), and those that the
 * checks of a schema give as their message.
 */
export function fieldKeys(path: string, source: string): KeyUse[] {
  const text = withoutComments(source);
  const keys: string[] = [];
  for (const match of text.matchAll(/new AppError\(/g)) {
    const [, details = ''] = argumentsAt(text, match.index + match[0].length);
    const fields = /\bfields:\s*\{([^}]*)\}/.exec(details)?.[1] ?? '';
    for (const [, key = ''] of fields.matchAll(/:\s*'([a-z][a-z0-9_]*)'/g)) keys.push(key);
  }
  for (const match of /from 'zod'/.test(text) ? text.matchAll(CHECKS) : []) {
    const message = argumentsAt(text, match.index + match[0].length).at(-1) ?? '';
    const key =
      /^'([a-z][a-z0-9_]*)'$/.exec(message) ?? /\b(?:error|message):\s*'([a-z][a-z0-9_]*)'/.exec(message);
    if (key) keys.push(key[1]!);
  }
  return keys.map((key) => ({ where: path, key: `errors.fields.${key}` }));
}
