import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { DEFAULT_LANG, type Lang } from '../../server/platform/lang.ts';
import { Client } from './client.ts';

export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1440, height: 900 };

/** What has not come by then does not come, also on a busy machine. */
const WAIT_MS = 10_000;

export interface Look {
  /** The screen; a phone when left out. Whatever is narrower than a tablet is touched, not clicked. */
  screen?: { width: number; height: number };
  lang?: Lang;
  /** A login of the demonstration shop; a guest when left out. */
  as?: string;
  javaScript?: boolean;
  /** Without movement: for what looks at a page, not at how it comes. */
  still?: boolean;
  /** Another way to the shop. */
  url?: string;
}

/** Somebody with a browser of their own. Remembers everything that went wrong in it. */
export class Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly complaints: string[] = [];
  private readonly expected: RegExp[] = [];

  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  /** This test brings such a complaint about itself. */
  expects(...patterns: RegExp[]) {
    this.expected.push(...patterns);
  }

  get unexpected(): string[] {
    return this.complaints.filter((complaint) => !this.expected.some((pattern) => pattern.test(complaint)));
  }

  /** From here on it shows when the page is loaded anew. */
  async markPage() {
    await this.page.evaluate('window.isTheSamePage = true');
  }

  async isSamePage(): Promise<boolean> {
    return (await this.page.evaluate('window.isTheSamePage === true')) as boolean;
  }
}

export async function visit(browser: Browser, url: string, look: Look): Promise<Visitor> {
  const context = await browser.newContext({ ...contextOptions(look), baseURL: look.url ?? url });
  context.setDefaultTimeout(WAIT_MS);
  await context.addCookies(await cookiesOf(url, look));
  await context.addInitScript(TELL_OF_VIOLATIONS);
  const visitor = new Visitor(context, await context.newPage());
  listen(visitor, look.url ?? url);
  return visitor;
}

function contextOptions(look: Look): BrowserContextOptions {
  const screen = look.screen ?? PHONE;
  const touch = screen.width < 768;
  return {
    viewport: screen,
    hasTouch: touch,
    isMobile: touch,
    locale: look.lang ?? DEFAULT_LANG,
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: look.javaScript ?? true,
    reducedMotion: look.still ? 'reduce' : 'no-preference',
  };
}

async function cookiesOf(url: string, look: Look) {
  const client = new Client(url);
  if (look.as !== undefined) {
    const { status } = await client.logIn(look.as);
    if (status !== 200) throw new Error(`${look.as} cannot sign in: ${status}`);
  }
  if (look.lang !== undefined) client.cookies.set('lang', look.lang);
  return [...client.cookies].map(([name, value]) => ({ name, value, domain: 'localhost', path: '/' }));
}

/** A page would otherwise break its own policy without a word where a listener is removed at once. */
const TELL_OF_VIOLATIONS = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy violated: ' + event.violatedDirective + ' ' + event.blockedURI));`;

function listen({ context, complaints }: Visitor, url: string) {
  const origin = new URL(url).origin;
  const isOwn = (address: string) => new URL(address).origin === origin;
  context.on('console', (message) => {
    if (message.type() === 'error') {
      complaints.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => complaints.push(`page: ${error.error().stack ?? String(error.error())}`));
  context.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !isOwn(request.url())) {
      complaints.push(`foreign request: ${request.url()}`);
    }
  });
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? '';
    // Whoever leaves a page gives up what it was still loading.
    if (isOwn(request.url()) && why !== 'net::ERR_ABORTED') {
      complaints.push(`request failed: ${why} ${request.url()}`);
    }
  });
  context.on('response', (response) => {
    if (isOwn(response.url()) && response.status() >= 400) {
      complaints.push(`answered ${response.status()}: ${response.url()}`);
    }
  });
}
