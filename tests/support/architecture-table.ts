/** What a file in a domain's folder may be, by the last part of its name. */
export const SUFFIXES = [
  'index',
  'schema',
  'rules',
  'model',
  'store',
  'service',
  'facts',
  'policy',
  'view',
  'routes',
  'sockets',
  'events',
  'jobs',
] as const;
export type Suffix = (typeof SUFFIXES)[number];

export interface ImportRule {
  /** Files of its own domain, by suffix. */
  own: readonly (Suffix | 'none')[];
  /** Paths below server/platform/. */
  platform: readonly RegExp[];
  /** The front doors of lower domains. */
  lower: boolean;
  packages: readonly RegExp[];
  /** Types bind nobody at run time; only the wire, which the browser gets, may not even have those. */
  typesFreely: boolean;
}

const ANY = [/./];
const NONE: readonly RegExp[] = [];
const VALUES_ONLY = { lower: false, platform: NONE, packages: NONE, typesFreely: true } as const;

/** Everything of the platform that is neither HTTP nor sockets: a use case does not know who is asking. */
const BEHIND_THE_DESK = [/^(?!http\/|realtime\/)/];

/** What each kind of file may import as a value. */
export const MAY_IMPORT: Record<Suffix, ImportRule> = {
  index: { ...VALUES_ONLY, own: SUFFIXES },
  schema: { ...VALUES_ONLY, own: ['schema', 'rules'], lower: true, packages: [/^zod$/] },
  rules: { ...VALUES_ONLY, own: ['rules'], platform: [/^(money|lang|group)\.ts$/] },
  model: { ...VALUES_ONLY, own: ['rules', 'model'], packages: [/^mongoose$/] },
  store: {
    ...VALUES_ONLY,
    own: ['model', 'rules', 'store'],
    platform: [/^db\/index\.ts$/, /^group\.ts$/],
    packages: [/^mongo(ose|db)$/],
  },
  service: {
    ...VALUES_ONLY,
    // A use case asks the policy for itself, so that the socket and the page cannot forget to.
    own: ['rules', 'store', 'service', 'policy', 'facts', 'schema'],
    platform: BEHIND_THE_DESK,
    lower: true,
    packages: [/^(?!express|socket\.io|mongoose|zod)/],
  },
  facts: { ...VALUES_ONLY, own: ['rules'] },
  policy: { ...VALUES_ONLY, own: ['rules', 'policy'], platform: [/^errors\.ts$/], lower: true },
  view: { ...VALUES_ONLY, own: ['rules', 'view'], platform: BEHIND_THE_DESK, lower: true },
  routes: {
    ...VALUES_ONLY,
    own: ['schema', 'service', 'policy', 'view', 'rules', 'routes'],
    platform: [/^(?!db\/|realtime\/)/],
    lower: true,
    packages: [/^(express|zod|node:)/],
  },
  sockets: {
    ...VALUES_ONLY,
    own: ['schema', 'service', 'policy', 'view', 'rules', 'events', 'sockets'],
    platform: [/^(?!db\/)/],
    lower: true,
    packages: [/^(socket\.io|zod|node:)/],
  },
  events: { own: [], platform: NONE, lower: false, packages: NONE, typesFreely: false },
  jobs: { ...VALUES_ONLY, own: ['service'], platform: ANY },
};

export interface Exception {
  kind: 'suffix_import' | 'ladder' | 'database' | 'browser';
  file: string;
  /** The imported file or package. */
  what: string;
  why: string;
}

/** Departures that somebody thought about. One that is no longer needed fails the test, too. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    kind: 'suffix_import',
    file: 'server/trace/chain.rules.ts',
    what: 'node:crypto',
    why: 'a hash is a pure function',
  },
  {
    kind: 'suffix_import',
    file: 'server/draws/lottery.rules.ts',
    what: 'node:crypto',
    why: 'a hash is a pure function',
  },
  {
    kind: 'suffix_import',
    file: 'server/catalog/search/text.rules.ts',
    what: 'pinyin-pro',
    why: 'a table of readings: text in, syllables out, no I/O',
  },
  {
    kind: 'suffix_import',
    file: 'server/live/live.rules.ts',
    what: 'node:crypto',
    why: 'a hash is a pure function',
  },
  {
    kind: 'suffix_import',
    file: 'server/live/room.service.ts',
    what: 'server/live/live.view.ts',
    why: 'a rail is read for showing and for nothing else; page, JSON and socket share the reading',
  },
  {
    kind: 'suffix_import',
    file: 'server/orders/mails.service.ts',
    what: 'server/orders/mails.view.ts',
    why: 'a mail is presented when it is sent; no route stands between the use case and its reader',
  },
  {
    kind: 'suffix_import',
    file: 'server/orders/audit.rules.ts',
    what: 'server/stock/index.ts',
    why: 'the audit adds up a ledger by the very rule that stock writes it by; a copy could drift away',
  },
  {
    kind: 'suffix_import',
    file: 'server/video/bus.sockets.ts',
    what: 'ws',
    why: 'media needs WebSockets without the rest of Socket.IO; this is where they are opened',
  },
  {
    kind: 'suffix_import',
    file: 'server/video/bus.sockets.ts',
    what: 'server/video/encoders/index.ts',
    why: 'the entry of a process of its own wires what runs in it',
  },
];
