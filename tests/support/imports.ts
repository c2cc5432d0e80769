import { posix } from 'node:path';

export interface Import {
  /** As it is written. */
  specifier: string;
  /** Path from the project's root; undefined for a package. */
  target: string | undefined;
  /** Gone after compilation. */
  typeOnly: boolean;
}

const STATEMENT =
  /(?:^|[;}\n])\s*(?:import|export)\s+(?<type>type\s)?(?<clause>[^'"`;]*?\bfrom\s+)?['"](?<specifier>[^'"]+)['"]/g;
const CALL = /(?<type>typeof\s+)?\bimport\(\s*['"](?<specifier>[^'"]+)['"]\s*\)/g;

/** What a module imports or passes on, dynamic imports and types from `import()` included. */
export function importsOf(file: string, source: string): Import[] {
  const text = withoutComments(source);
  const found: Import[] = [];
  for (const { groups } of text.matchAll(STATEMENT)) {
    const { type, clause = '', specifier = '' } = groups!;
    found.push(make(file, specifier, type !== undefined || onlyTypes(clause)));
  }
  for (const { groups } of text.matchAll(CALL)) {
    found.push(make(file, groups!['specifier']!, groups!['type'] !== undefined));
  }
  return found;
}

function make(file: string, specifier: string, typeOnly: boolean): Import {
  const target = specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : undefined;
  return { specifier, target, typeOnly };
}

/** `{ type A, type B } from`: every name is a type. */
function onlyTypes(clause: string): boolean {
  const names = /^\{([^}]*)\}\s*from\s+$/.exec(clause.trimStart())?.[1];
  if (names === undefined) return false;
  const list = names.split(',').map((name) => name.trim());
  return list.filter(Boolean).every((name) => name.startsWith('type '));
}

/** Comments blanked out; strings kept, also those that hold `//`. */
export function withoutComments(source: string): string {
  return source.replaceAll(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g,
    (all, text: string | undefined) => text ?? all.replaceAll(/[^\n]/g, ' '),
  );
}
