import { describe, expect, test } from 'vitest';
import { ConfigError, describeSettings, readConfig } from '../../server/platform/config.ts';

const SECRET = 'x'.repeat(32);

function problem(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('these settings were accepted');
}

describe('the settings', () => {
  test('need not be set', () => {
    expect(readConfig({})).toMatchObject({
      nodeEnv: 'development',
      port: 3000,
      trustProxy: 0,
      dataDir: './data',
      holdSeconds: 600,
    });
  });

  test('are read as what they mean', () => {
    expect(
      readConfig({ PORT: '0', TRUST_PROXY: '2', HOLD_SECONDS: '5', PUBLIC_URL: 'https://shop.example//' }),
    ).toMatchObject({ port: 0, trustProxy: 2, holdSeconds: 5, publicUrl: 'https://shop.example' });
  });

  test('that are empty are not set', () => {
    expect(readConfig({ PORT: '', MONGODB_URI: '', SESSION_SECRET: '' })).toMatchObject({
      port: 3000,
      mongodbUri: undefined,
      sessionSecret: undefined,
    });
  });

  test.each([
    ['NODE_ENV', 'prod'],
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['PUBLIC_URL', 'shop.example'],
    ['PUBLIC_URL', 'ftp://shop.example'],
    ['TRUST_PROXY', 'true'],
    ['MONGODB_URI', 'postgres://x'],
    ['ENGINE_JOIN', 'yes'],
    ['REDIS_URL', 'localhost:6379'],
    ['SESSION_SECRET', 'short'],
    ['METRICS_TOKEN', 'short'],
    ['LOG_LEVEL', 'loud'],
    ['HOLD_SECONDS', '1'],
    ['STRIPE_SECRET_KEY', 'pk_test_a'],
    ['STRIPE_PUBLISHABLE_KEY', 'sk_test_a'],
    ['STRIPE_WEBHOOK_SECRET', 'secret'],
    ['STRIPE_API_BASE', 'api.stripe.com'],
    ['ALLOW_TEST_CASHIER', 'yes'],
  ])('refuse %s=%s with a sentence that names it and says what it is for', (name, value) => {
    const message = problem({ [name]: value });
    expect(message.split('\n')).toHaveLength(1);
    expect(message).toMatch(new RegExp(`^${name}: .+ \\(.+\\)$`));
  });

  test('name all their faults at once, and never a secret', () => {
    const message = problem({ PORT: 'x', LOG_LEVEL: 'loud', SESSION_SECRET: 'hunter2' });
    expect(message.split('\n').map((line) => line.split(':')[0])).toEqual([
      'PORT',
      'SESSION_SECRET',
      'LOG_LEVEL',
    ]);
    expect(message).not.toContain('hunter2');
  });

  test('ask for a secret in production', () => {
    expect(problem({ NODE_ENV: 'production' })).toMatch(/^SESSION_SECRET: /);
    const demo = { NODE_ENV: 'production', SESSION_SECRET: SECRET, ALLOW_TEST_CASHIER: '1' };
    expect(readConfig(demo).sessionSecret).toBe(SECRET);
  });

  test('let no test cashier into production by mistake', () => {
    const production = { NODE_ENV: 'production', SESSION_SECRET: SECRET };
    expect(problem(production)).toMatch(/^STRIPE_SECRET_KEY: .*ALLOW_TEST_CASHIER=1/);
    expect(problem({ ...production, ALLOW_TEST_CASHIER: '0' })).toMatch(/^STRIPE_SECRET_KEY: /);
    const keys = {
      STRIPE_SECRET_KEY: 'sk_live_a',
      STRIPE_PUBLISHABLE_KEY: 'pk_live_a',
      STRIPE_WEBHOOK_SECRET: 'whsec_a',
    };
    expect(readConfig({ ...production, ...keys })).toMatchObject({
      stripeSecretKey: 'sk_live_a',
      stripeApiBase: 'https://api.stripe.com',
    });
  });

  test("ask for all of Stripe's keys or none", () => {
    const message = problem({ STRIPE_SECRET_KEY: 'sk_test_a' });
    expect(message.split('\n').map((line) => line.split(':')[0])).toEqual([
      'STRIPE_PUBLISHABLE_KEY',
      'STRIPE_WEBHOOK_SECRET',
    ]);
    expect(message).not.toContain('sk_test_a');
  });

  test('are all listed for whoever asks, with what they are when not set', () => {
    const text = describeSettings();
    for (const name of ['NODE_ENV', 'SESSION_SECRET', 'MONGODB_URI', 'METRICS_TOKEN']) {
      expect(text).toMatch(new RegExp(`^#${name}=`, 'm'));
    }
    expect(text).toMatch(/^#PORT=3000$/m);
  });
});
