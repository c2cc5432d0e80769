import { z } from 'zod';

interface Setting {
  name: string;
  about: string;
  schema: z.ZodType;
}

const seconds = (min: number, max: number, fallback: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);

const days = (fallback: number) => z.coerce.number().int().min(1).max(365).default(fallback);

const flag = z.enum(['0', '1']).default('0');

/** Every setting, once: the environment is read here and nowhere else. */
const SETTINGS = {
  nodeEnv: {
    name: 'NODE_ENV',
    about: 'production turns the demonstration logins off and asks for SESSION_SECRET',
    schema: z.enum(['development', 'production', 'test']).default('development'),
  },
  port: {
    name: 'PORT',
    about: 'port to listen on; 0 picks a free one',
    schema: z.coerce.number().int().min(0).max(65535).default(3000),
  },
  host: { name: 'HOST', about: 'address to listen on', schema: z.string().default('::') },
  publicUrl: {
    name: 'PUBLIC_URL',
    about:
      'the address people use, e.g. https://shop.example; needed behind a proxy and for labels and mails',
    schema: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
  },
  trustProxy: {
    name: 'TRUST_PROXY',
    about: 'how many reverse proxies stand in front (0: none; their X-Forwarded-For is believed)',
    schema: z.coerce.number().int().min(0).max(9).default(0),
  },
  regionHeader: {
    name: 'REGION_HEADER',
    about:
      'header in which your proxy says the province that somebody comes from, e.g. CF-Region-Code; needs TRUST_PROXY',
    schema: z
      .string()
      .regex(/^[\w-]{1,60}$/, 'must be the name of a header')
      .optional(),
  },
  mongodbUri: {
    name: 'MONGODB_URI',
    about: 'a MongoDB server 6 or newer; without it the embedded engine keeps its files in DATA_DIR',
    schema: z
      .string()
      .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
      .optional(),
  },
  dataDir: {
    name: 'DATA_DIR',
    about: 'folder for the embedded database and uploaded files',
    schema: z.string().min(1).default('./data'),
  },
  engineJoin: {
    name: 'ENGINE_JOIN',
    about: '1: use the embedded engine that another process on this machine already runs in DATA_DIR',
    schema: flag,
  },
  redisUrl: {
    name: 'REDIS_URL',
    about: 'a Redis server; needed when several processes serve the same live rooms',
    schema: z
      .string()
      .regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://')
      .optional(),
  },
  sessionSecret: {
    name: 'SESSION_SECRET',
    about:
      'at least 32 characters that sign the session cookie; made and kept in DATA_DIR when not in production',
    schema: z.string().min(32).optional(),
  },
  metricsToken: {
    name: 'METRICS_TOKEN',
    about: 'bearer token for /metrics from other machines; without it only loopback may read them',
    schema: z.string().min(16).optional(),
  },
  smtpUrl: {
    name: 'SMTP_URL',
    about:
      'smtp://user:password@host:587 (or smtps:// and 465) for mails; without it they are only written to the log',
    schema: z
      .string()
      .regex(/^smtps?:\/\/[^\s]+$/, 'must begin with smtp:// or smtps://')
      .optional(),
  },
  mailFrom: {
    name: 'MAIL_FROM',
    about: 'who mails come from, e.g. Shanxiang <shop@shop.example>; needed with SMTP_URL',
    schema: z
      .string()
      .regex(
        /^(?:[^<>@\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
        'must be an address, or a name and <address>',
      )
      .optional(),
  },
  logLevel: {
    name: 'LOG_LEVEL',
    about: 'fatal, error, warn, info, debug, trace or silent',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  },
  stripeSecretKey: {
    name: 'STRIPE_SECRET_KEY',
    about: 'takes real payments through Stripe; without it a test cashier stands in that moves no money',
    schema: z
      .string()
      .regex(/^[sr]k_(test|live)_\w+$/, 'must begin with sk_test_, sk_live_, rk_test_ or rk_live_')
      .optional(),
  },
  stripePublishableKey: {
    name: 'STRIPE_PUBLISHABLE_KEY',
    about: 'the key that browsers get; needed with STRIPE_SECRET_KEY',
    schema: z
      .string()
      .regex(/^pk_(test|live)_\w+$/, 'must begin with pk_test_ or pk_live_')
      .optional(),
  },
  stripeWebhookSecret: {
    name: 'STRIPE_WEBHOOK_SECRET',
    about: 'signs what Stripe posts to /payments/stripe/webhook; needed with STRIPE_SECRET_KEY',
    schema: z
      .string()
      .regex(/^whsec_\S+$/, 'must begin with whsec_')
      .optional(),
  },
  stripeApiBase: {
    name: 'STRIPE_API_BASE',
    about: "where Stripe's API is found; another address only for a local stand-in",
    schema: z.url({ protocol: /^https?$/ }).default('https://api.stripe.com'),
  },
  allowTestCashier: {
    name: 'ALLOW_TEST_CASHIER',
    about: '1: the test cashier may stand in for Stripe also in production (a public demonstration)',
    schema: flag,
  },
  holdSeconds: {
    name: 'HOLD_SECONDS',
    about: 'how long an order holds its pieces while it awaits payment',
    schema: seconds(5, 86_400, 600),
  },
  drawByPurchase: {
    name: 'DRAW_BY_PURCHASE',
    about:
      '1: a lucky draw may ask for a purchase; only where the law allows a lottery with sales (docs/lucky-draw.md)',
    schema: flag,
  },
  deliverAfterDays: {
    name: 'DELIVER_AFTER_DAYS',
    about: 'days after which a parcel that is on its way counts as delivered when nobody has said so',
    schema: days(15),
  },
  completeAfterDays: {
    name: 'COMPLETE_AFTER_DAYS',
    about: 'days from delivery after which an order is completed',
    schema: days(7),
  },
  gs1Prefix: {
    name: 'GS1_PREFIX',
    about:
      'your GS1 company prefix, 6 to 12 digits, for the numbers of cartons (SSCC); the default is nobody’s and good inside your house only',
    schema: z
      .string()
      .regex(/^\d{6,12}$/, 'must be 6 to 12 digits')
      .default('2900000'),
  },
  recordingBudgetGb: {
    name: 'RECORDING_BUDGET_GB',
    about: 'how much of this machine’s disk recordings of lives may take, in GB; ten hours take 5 to 12',
    schema: z.coerce.number().int().min(0).max(1_000_000).default(50),
  },
  recordingDays: {
    name: 'RECORDING_DAYS',
    about: 'days that recordings are kept; the rules for live selling in China ask for three years',
    schema: z.coerce.number().int().min(1).max(36_500).default(1_096),
  },
  nodeUrl: {
    name: 'NODE_URL',
    about:
      'where the other processes of the shop reach this one, e.g. http://10.0.0.5:3000; needed when they are on several machines',
    schema: z.url({ protocol: /^http$/ }).optional(),
  },
  rtmpPort: {
    name: 'RTMP_PORT',
    about: 'port on which OBS and hardware encoders are listened for (usually 1935); off unless set',
    schema: z.coerce.number().int().min(0).max(65535).optional(),
  },
  rtmpUrl: {
    name: 'RTMP_URL',
    about:
      'the address that encoders use where it is not rtmp://<host of PUBLIC_URL>:<RTMP_PORT>/live, e.g. behind a TLS proxy',
    schema: z.url({ protocol: /^rtmps?$/ }).optional(),
  },
  whipUdpPort: {
    name: 'WHIP_UDP_PORT',
    about: 'one UDP port for all WebRTC publishers, to be opened in the firewall; 0: any free one for each',
    schema: z.coerce.number().int().min(0).max(65535).default(0),
  },
  whipPublicAddress: {
    name: 'WHIP_PUBLIC_ADDRESS',
    about: 'the public IPv4 address of a server behind NAT, told to WebRTC publishers',
    schema: z.ipv4().optional(),
  },
  videoHookSecret: {
    name: 'VIDEO_HOOK_SECRET',
    about:
      'at least 16 characters by which MediaMTX or SRS proves itself when it asks who may publish (docs/media-servers.md)',
    schema: z
      .string()
      .regex(/^[\w.~-]{16,200}$/, 'must be 16 letters, digits, dots, tildes, hyphens or underscores at least')
      .optional(),
  },
} satisfies Record<string, Setting>;

type Settings = { [K in keyof typeof SETTINGS]: z.infer<(typeof SETTINGS)[K]['schema']> };
export type Config = Readonly<Settings>;

/** A setting that cannot be used; the message says which one and what to set. */
export class ConfigError extends Error {}

/** @throws ConfigError with a sentence per bad setting. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, setting] of Object.entries<Setting>(SETTINGS)) {
    // An empty value in an .env file means "not set".
    const parsed = setting.schema.safeParse(env[setting.name] || undefined);
    if (parsed.success) values[key] = parsed.data;
    else
      problems.push(`${setting.name}: ${parsed.error.issues[0]?.message ?? 'not valid'} (${setting.about})`);
  }
  const config = values as Settings;
  if (problems.length === 0 && config.nodeEnv === 'production') {
    if (!config.sessionSecret) problems.push('SESSION_SECRET: set it to at least 32 random characters');
  }
  if (problems.length === 0) problems.push(...paymentProblems(config));
  if (problems.length === 0 && config.regionHeader && config.trustProxy === 0) {
    problems.push(
      'REGION_HEADER: anybody could write it; set TRUST_PROXY to the number of your proxies, or unset it',
    );
  }
  if (problems.length === 0 && config.smtpUrl && !config.mailFrom) {
    problems.push('MAIL_FROM: set it to the address that mails come from, or unset SMTP_URL');
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}

/** Either all of Stripe or nothing of it; and no toy till in a real shop by mistake. */
function paymentProblems(config: Settings): string[] {
  const { stripeSecretKey, stripePublishableKey, stripeWebhookSecret, nodeEnv, allowTestCashier } = config;
  const keys = { stripeSecretKey, stripePublishableKey, stripeWebhookSecret };
  const names = Object.keys(keys) as (keyof typeof keys)[];
  const missing = names.filter((name) => keys[name] === undefined);
  if (missing.length === names.length) {
    if (nodeEnv !== 'production' || allowTestCashier === '1') return [];
    return [
      'STRIPE_SECRET_KEY: set it (with its two companions), or ALLOW_TEST_CASHIER=1 for a shop that takes no money',
    ];
  }
  return missing.map(
    (name) => `${SETTINGS[name].name}: set it, or none of the Stripe keys (${SETTINGS[name].about})`,
  );
}

/** The settings as lines of an .env file, all commented out. */
export function describeSettings(): string {
  return Object.values<Setting>(SETTINGS)
    .map((setting) => {
      const { data: fallback } = setting.schema.safeParse(undefined);
      const shown = typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : '';
      return `# ${setting.about}\n#${setting.name}=${shown}`;
    })
    .join('\n\n');
}
