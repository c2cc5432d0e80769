import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeInBrowser } from '../support/browser.ts';
import { Client, until } from '../support/client.ts';
import { useHouse } from '../support/house.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';
import { CLOCK_CAMERA } from '../support/video-pages.ts';
import { DESKTOP } from '../support/visitor.ts';
import { watch } from '../support/watching.ts';

const HOST = 'host@demo.test';

describeInBrowser('the browser studio of a live that was handed over', () => {
  const house = useHouse();
  /** Another shop, with another database and another origin: what it takes in by WHIP is what a media server would. */
  let elsewhere: TestShop;
  const closing: (() => void)[] = [];

  beforeAll(async () => {
    elsewhere = await openTestShop({ demo: true, env: { LOG_LEVEL: 'silent' } });
  });
  afterAll(async () => {
    for (const close of closing) close();
    await elsewhere?.close();
  });

  async function peer() {
    const host = (await elsewhere.ctx.accounts.byLogin(HOST))!;
    const title = { 'zh-CN': '别处', en: 'Elsewhere' };
    const { _id } = await elsewhere.ctx.lives.schedule(
      { title, intro: title, poster: 'lives/honey-morning.svg', rail: [], startsAt: new Date() },
      host,
    );
    await elsewhere.ctx.lives.start(_id, host);
    return { live: _id, key: await elsewhere.ctx.streamKeys.renew(_id, null, host) };
  }

  async function handedOver(to: { live: string; token: string }) {
    const live = await house.startLive(['HNY-500']);
    const form = {
      ...{ version: 0, whip: `${elsewhere.url}/video/whip/${to.live}`, rtmp: null, token: to.token },
      ...{ expiresAt: null, forgetToken: false, protectPlay: false, play: [] },
    };
    await house.shop.ctx.handovers.change(live, form, await house.host());
    return live;
  }

  async function goOnAir(live: string) {
    const host = await house.come({ screen: DESKTOP, as: HOST });
    // A session that has died with its server is not there any more when it is given up.
    host.expects(/foreign request/, /ScriptProcessorNode/, /status of 40[14]/);
    await host.context.addInitScript(CLOCK_CAMERA);
    await host.page.goto(`/host/live/${live}`);
    await host.page.click('[data-studio-camera]');
    await host.page.click('[data-studio-air]');
    return host.page;
  }

  test('publishes there by WebRTC, comes back by itself, and stops', { timeout: 180_000 }, async () => {
    const outside = await peer();
    const live = await handedOver({ live: outside.live, token: outside.key });
    const page = await goOnAir(live);
    // While its process starts again nobody is let in, and a line that it had let in before is dead.
    const lineIn = async () => {
      const line = await watch(elsewhere.url, outside.live).catch(() => undefined);
      if (!line) return undefined;
      closing.push(line.close);
      const fragments = until(
        () => line.fragments(),
        (count) => count > 20,
        15_000,
      );
      return fragments.then(
        () => line,
        () => undefined,
      );
    };
    const comes = async () => (await until(lineIn, Boolean, 90_000))!;
    await comes();
    const kept = page.locator('[data-health="recording"]');
    await kept.filter({ hasText: house.t('video.studio.recordingElsewhere') }).waitFor();
    process.kill(elsewhere.ctx.video.pid()!, 'SIGKILL');
    const watching = await comes();
    await page.click('[data-studio-off]');
    await page.locator('[data-studio-on]').waitFor({ state: 'hidden' });
    await until(
      () => watching.isOff(),
      (off) => off,
      30_000,
    );
  });

  test('says so when it is refused there', { timeout: 120_000 }, async () => {
    const outside = await peer();
    const page = await goOnAir(await handedOver({ live: outside.live, token: 'not-the-key-of-that-live' }));
    await page
      .locator('[data-studio-error]', { hasText: house.t('video.studio.elsewhereRefused') })
      .waitFor({ timeout: 30_000 });
    await page.locator('[data-studio-on]').waitFor({ state: 'hidden' });
  });

  test('gives its pass to nobody but whoever’s turn it is', async () => {
    const live = await handedOver({ live: 'any-live', token: 'a-token-of-theirs' });
    const ask = async (login?: string) => {
      const client = new Client(house.shop.url);
      if (login) await client.logIn(login);
      return client.post<{ at: string; token: string }>(`/api/lives/${live}/publishing`, {});
    };
    expect((await ask()).status).toBe(401);
    expect((await ask('shopper@demo.test')).status).toBe(403);
    expect((await ask('admin@demo.test')).status).toBe(403);
    expect((await ask(HOST)).body).toMatchObject({ at: 'whip', token: 'a-token-of-theirs' });
  });
});
