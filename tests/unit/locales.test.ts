import { describe, expect, test } from 'vitest';
import { ROLES } from '../../server/accounts/accounts.rules.ts';
import { CATEGORIES, CERTIFICATE_KINDS, SORTS } from '../../server/catalog/catalog.rules.ts';
import { CHAT_ROLES } from '../../server/live/live.rules.ts';
import { presentDeskStats } from '../../server/orders/desk.view.ts';
import { ORDER_STATES } from '../../server/orders/orders.rules.ts';
import { ERROR_STATUS } from '../../server/platform/errors.ts';
import { LANGS, type Lang } from '../../server/platform/lang.ts';
import { ROOT } from '../../server/platform/root.ts';
import { readTexts } from '../../server/platform/views/i18n.ts';
import {
  fieldKeys,
  filesBelow,
  flatten,
  keysInCalls,
  keysInTemplate,
  placeholders,
  withoutPlural,
  type KeyUse,
} from '../support/locales.ts';

const texts = Object.fromEntries(LANGS.map((lang) => [lang, flatten(readTexts(ROOT, lang))])) as Record<
  Lang,
  Map<string, string>
>;

const staff = CHAT_ROLES.filter((role) => role !== 'viewer');
/** Nobody is told of an order that is still being rung up. */
const shownStates = ORDER_STATES.filter((state) => state !== 'opening');

/** What stands for the `*` of a key that is put together. One that is not here stands for whatever fits. */
const VALUES: Record<string, readonly string[]> = {
  'accounts.*.title': ['register', 'login'],
  'accounts.role.*': ROLES,
  'browser.state.*': shownStates,
  'catalog.category.*': CATEGORIES,
  'catalog.certificate.*': CERTIFICATE_KINDS,
  'catalog.month.*': Array.from({ length: 12 }, (_item, index) => String(index + 1)),
  'catalog.sort.*': SORTS,
  'common.language.*': LANGS,
  'desk.stat.*': deskStats(),
  'errors.*': Object.keys(ERROR_STATUS),
  'live.room.*': staff,
  'orders.about.*': [...shownStates, 'partly_shipped', 'too_late', 'too_late_discount'],
  'orders.state.*': shownStates,
};

/** Calls whose key is a value: what they may say. */
const DYNAMIC: Record<string, readonly string[]> = {
  'message.role': staff.map((role) => `browser.${role}`),
};

function deskStats(): string[] {
  const asked: string[] = [];
  const t = (key: string) => (asked.push(key), key);
  presentDeskStats(new Map(), {
    lang: 'en',
    t,
    media: { folder: '', store: async () => '', picture: never },
  });
  return asked.map((key) => key.replace('desk.stat.', ''));
}

function never(): never {
  throw new Error('figures have no pictures');
}

function inBrowser(use: KeyUse): KeyUse {
  return use.key === undefined ? use : { ...use, key: `browser.${use.key}` };
}

function allUses(): KeyUse[] {
  // Where the two helpers are made, their argument is anybody's.
  const server = filesBelow(ROOT, 'server', '.ts').filter(
    ({ path }) => !path.startsWith('server/platform/views/'),
  );
  return [
    ...filesBelow(ROOT, 'views', '.hbs').flatMap(({ path, text }) => keysInTemplate(path, text)),
    ...server.flatMap(({ path, text }) => keysInCalls(path, text, /t|for\([^()]*\)/)),
    ...server.flatMap(({ path, text }) => fieldKeys(path, text)),
    ...filesBelow(ROOT, 'public', '.ts').flatMap(({ path, text }) =>
      keysInCalls(path, text, /say/).map(inBrowser),
    ),
    // What `parse` says of its own accord.
    ...['required', 'unknown_field', 'not_valid'].map((key) => ({
      where: 'parse',
      key: `errors.fields.${key}`,
    })),
    ...Object.keys(ERROR_STATUS).map((code) => ({ where: 'errors.ts', key: `errors.${code}` })),
  ];
}

/** The keys that a use may ask for. */
function wantedBy({ key, dynamic = '' }: KeyUse, known: ReadonlySet<string>): string[] {
  if (key === undefined) return [...(DYNAMIC[dynamic] ?? [`whatever ${dynamic} is`])];
  // Those are looked for where the failures are made.
  if (key === 'errors.fields.*') return [];
  if (!key.includes('*')) return [key];
  const values = VALUES[key];
  if (values) return values.map((value) => key.replace('*', value));
  const shape = new RegExp(`^${key.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`);
  const fitting = [...known].filter((one) => shape.test(one));
  return fitting.length > 0 ? fitting : [key];
}

const bases = (lang: Lang) => new Set([...texts[lang].keys()].map(withoutPlural));

describe('the sentences', () => {
  test('exist in every language', () => {
    expect([...bases('en')].sort()).toEqual([...bases('zh-CN')].sort());
  });

  test('say something', () => {
    const empty = LANGS.flatMap((lang) =>
      [...texts[lang]].filter(([, text]) => text.trim() === '').map(([key]) => `${lang} ${key}`),
    );
    expect(empty).toEqual([]);
  });

  test('have the plural forms of their language and no other', () => {
    const wrong: string[] = [];
    for (const lang of LANGS) {
      const wanted = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
      const plurals = [...texts[lang].keys()].filter((key) => withoutPlural(key) !== key);
      for (const base of new Set(plurals.map(withoutPlural))) {
        const forms = plurals
          .filter((key) => withoutPlural(key) === base)
          .map((key) => key.slice(base.length + 1));
        if (forms.sort().join() !== [...wanted].sort().join()) wrong.push(`${lang} ${base}: ${forms.join()}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(LANGS)('call the state of an order the same for everybody who sees it: %s', (lang) => {
    const called = (where: string) => shownStates.map((state) => texts[lang].get(`${where}.state.${state}`));
    expect(called('browser')).toEqual(called('orders'));
  });

  test('leave the same gaps to fill', () => {
    const gaps = (lang: Lang) =>
      Object.fromEntries(
        [...bases(lang)].sort().map((base) => {
          const forms = [...texts[lang]].filter(([key]) => withoutPlural(key) === base);
          return [base, placeholders(forms.map(([, text]) => text).join(' '))];
        }),
      );
    expect(gaps('en')).toEqual(gaps('zh-CN'));
  });
});

describe('every sentence', () => {
  const known = bases('zh-CN');
  const uses = allUses();

  test('that is asked for exists', () => {
    const missing = uses.flatMap((use) =>
      wantedBy(use, known)
        .filter((key) => !known.has(key))
        .map((key) => `${key} (${use.where})`),
    );
    expect([...new Set(missing)]).toEqual([]);
  });

  test('that exists is asked for', () => {
    const wanted = new Set(uses.flatMap((use) => wantedBy(use, known)));
    expect([...known].filter((key) => !wanted.has(key)).sort()).toEqual([]);
  });

  test('is looked for everywhere', () => {
    const places = ['views/', 'server/catalog/', 'server/orders/', 'public/', 'parse'];
    for (const place of places)
      expect(uses.filter(({ where }) => where.startsWith(place)).length).toBeGreaterThan(2);
  });
});

describe('the search for keys', () => {
  const bare = (uses: KeyUse[]) => uses.map(({ key, dynamic }) => key ?? `(${dynamic})`);

  test('reads templates', () => {
    const template = `{{t "a.b" n=1}} {{#if (eq (t "c.d") x)}} {{> p text=(t (concat "e." this.f))}} {{t g}} {{title}}`;
    expect(bare(keysInTemplate('x', template))).toEqual(['a.b', 'c.d', 'e.*', '(g)']);
  });

  test('reads calls', () => {
    const source = `say('a', { x: say('b') }); say(\`c.\${d}.z\`); say(e === 'f' ? 'g' : 'h'); say(i.j); // say('k')`;
    expect(bare(keysInCalls('x', source, /say/))).toEqual(['a', 'b', 'c.*.z', 'g', 'h', '(i.j)']);
    expect(bare(keysInCalls('x', `texts.for(lang)('l.m')`, /t|for\([^()]*\)/))).toEqual(['l.m']);
  });

  test('reads schemas and failures', () => {
    const source = `import { z } from 'zod';
      z.string().min(3, 'one').regex(/^a(b|c)$/, 'two').default('no');
      z.iso.date('three').refine((v) => f(g(h(v.a))) <= v.b, 'four');
      z.object({}).refine((v) => v.a, { path: ['b'], error: 'five' });
      throw new AppError('invalid', { fields: { [name]: 'six', b: 'seven' } });`;
    const found = bare(fieldKeys('x', source)).map((key) => key.replace('errors.fields.', ''));
    expect(found.sort()).toEqual(['five', 'four', 'one', 'seven', 'six', 'three', 'two']);
  });
});
