import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import { freePort } from '../bench/live-encoder.ts';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { until } from '../support/client.ts';
import { decode, hasFfmpeg, sendRtmp, type Sending } from '../support/ffmpeg.ts';
import { openTestShop, type TestShop } from '../support/shop.ts';
import { watch } from '../support/watching.ts';
import { startWhip } from '../support/whip-page.ts';

/** Encoders take a moment to start on a busy machine. */
const PATIENCE_MS = 30_000;
/** About so many seconds of fragments of 100 ms. */
const THREE_SECONDS = 30;

let shop: TestShop;
let host: Person;
let rtmpPort: number;
let folder: string;
const closing: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  rtmpPort = await freePort();
  folder = await mkdtemp(join(tmpdir(), 'shanxiang-encoders-'));
  shop = await openTestShop({ demo: true, env: { RTMP_PORT: String(rtmpPort), LOG_LEVEL: 'silent' } });
  host = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
afterAll(async () => {
  await shop?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A live that runs, with its stream key. */
async function onAir(): Promise<{ live: string; key: string }> {
  const title = { 'zh-CN': '编码器直播', en: 'Live by an encoder' };
  const { _id: live } = await shop.ctx.lives.schedule(
    { title, intro: title, poster: 'lives/honey-morning.svg', rail: [], startsAt: new Date() },
    host,
  );
  await shop.ctx.lives.start(live, host);
  return { live, key: await shop.ctx.streamKeys.renew(live, null, host) };
}

async function viewer(live: string) {
  const watching = await watch(shop.url, live);
  closing.push(() => watching.close());
  return watching;
}

/** Waits for so many fragments of one beginning, and decodes them. */
async function decoded(watching: Awaited<ReturnType<typeof watch>>, fragments: number) {
  await until(
    () => watching.fragments(),
    (count) => count >= fragments,
    PATIENCE_MS,
  );
  const file = join(folder, `${Math.random().toString(36).slice(2)}.mp4`);
  await writeFile(file, watching.file());
  return decode(file);
}

function rtmp(key: string, codec?: string): Sending {
  const sending = sendRtmp(`rtmp://127.0.0.1:${rtmpPort}/live/${key}`, codec ? { codec } : {});
  closing.push(() => sending.stop());
  return sending;
}

describe.skipIf(!hasFfmpeg)('RTMP from ffmpeg', () => {
  test('is seen and heard by a viewer, with pictures in another order than they are shown in', async () => {
    const { live, key } = await onAir();
    const watching = await viewer(live);
    rtmp(key);
    const seen = await decoded(watching, THREE_SECONDS);
    expect(seen).toMatchObject({
      complaints: '',
      video: { codec: 'h264', width: 640, height: 360 },
      audio: { codec: 'aac' },
    });
    expect(seen.video!.frames).toBeGreaterThanOrEqual(70);
    expect(seen.audio!.frames).toBeGreaterThanOrEqual(90);
    expect(watching.begin()).toMatchObject({
      mime: expect.stringMatching(/avc1\.64.*mp4a\.40\.2/) as string,
    });
  });

  test('is kept: the recording can be decoded after the live', async () => {
    const { live, key } = await onAir();
    const watching = await viewer(live);
    rtmp(key);
    await until(
      () => watching.fragments(),
      (count) => count >= 2 * THREE_SECONDS,
      PATIENCE_MS,
    );
    await shop.ctx.lives.stop(live, host);
    const playlist = await until(
      async () => {
        const response = await fetch(`${shop.url}/video/replay/${live}.m3u8`);
        return response.ok ? response.text() : '';
      },
      (text) => text.includes('#EXT-X-ENDLIST'),
      PATIENCE_MS,
    );
    expect(playlist.match(/#EXTINF/g)!.length).toBeGreaterThanOrEqual(2);
    expect(await decode(`${shop.url}/video/replay/${live}.m3u8`)).toMatchObject({ video: { codec: 'h264' } });
  });

  test('with a key that nobody made ends with our words', async () => {
    const { code, words } = await rtmp('nobody-made-this').ended;
    expect(code).not.toBe(0);
    expect(words).toContain('stream key unknown or revoked');
  });

  test('with a key that is in use is refused, and who is on air stays', async () => {
    const { live, key } = await onAir();
    const watching = await viewer(live);
    rtmp(key);
    await until(
      () => watching.fragments(),
      (count) => count > 5,
      PATIENCE_MS,
    );
    const { words } = await rtmp(key).ended;
    expect(words).toContain('in use');
    const before = watching.fragments();
    await until(
      () => watching.fragments(),
      (count) => count > before + 10,
      PATIENCE_MS,
    );
    expect(watching.said.filter(({ type }) => type === 'begin')).toHaveLength(1);
  });

  test('is taken off when its key is revoked', async () => {
    const { live, key } = await onAir();
    const watching = await viewer(live);
    const sending = rtmp(key);
    await until(
      () => watching.fragments(),
      (count) => count > 5,
      PATIENCE_MS,
    );
    await shop.ctx.streamKeys.revoke(live);
    await sending.ended;
    await until(() => watching.isOff(), Boolean, PATIENCE_MS);
    expect((await rtmp(key).ended).words).toContain('unknown or revoked');
  });

  test('that breaks off and comes again goes on', async () => {
    const { live, key } = await onAir();
    const watching = await viewer(live);
    const first = rtmp(key);
    await until(
      () => watching.fragments(),
      (count) => count > 5,
      PATIENCE_MS,
    );
    await first.stop();
    rtmp(key);
    await until(
      () => watching.said.filter(({ type }) => type === 'begin').length,
      (count) => count === 2,
      PATIENCE_MS,
    );
    expect((await decoded(watching, 10)).complaints).toBe('');
  });

  test('of another codec is sent away, and the host is told why', async () => {
    const { live, key } = await onAir();
    await rtmp(key, 'flv1').ended;
    const { key: stored } = await until(
      () => shop.ctx.streamKeys.ofLive(live),
      (found) => found.key?.lastFault !== null,
    );
    expect(stored?.lastFault?.fault).toBe('video_codec');
  });
});

/** Seconds that the room's picture has moved on. */
const positionIn = (page: Page) =>
  page.evaluate<number>(
    `document.querySelector('[data-stage][data-player=playing] video')?.currentTime ?? 0`,
  );

describeInBrowser('a room', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function moves(live: string) {
    const page = await browser.newPage();
    closing.push(() => page.close());
    await page.goto(`${shop.url}/live/${live}`);
    const before = await until(
      () => positionIn(page),
      (at) => at > 0,
      PATIENCE_MS,
    );
    await until(
      () => positionIn(page),
      (at) => at > before + 1,
      PATIENCE_MS,
    );
  }

  test.skipIf(!hasFfmpeg)('shows what an encoder sends', async () => {
    const { live, key } = await onAir();
    rtmp(key);
    await moves(live);
  });

  test.skipIf(!hasFfmpeg)(
    'of a live that was handed over plays from the address that was named',
    async () => {
      const source = await onAir();
      rtmp(source.key);
      const { live } = await onAir();
      const url = `${shop.url}/video/hls/${source.live}/index.m3u8`;
      const publish = { whip: null, rtmp: null, token: null, forgetToken: false, expiresAt: null };
      const play = [
        { type: 'hls' as const, url: `${shop.url}/video/hls/nowhere/index.m3u8` },
        { type: 'llhls' as const, url },
      ];
      const form = { ...publish, version: 0, protectPlay: false, play };
      await shop.ctx.handovers.change(live, form, host);
      await moves(live);
    },
  );
});

describeInBrowser('WHIP from Chromium', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
    await page.goto(`${shop.url}/live`);
  });
  afterAll(() => browser?.close());

  const start = async (live: string, key: string) => {
    const whip = await startWhip(page, live, key);
    closing.push(() => whip.stop());
    return whip;
  };

  test('is seen and heard by a viewer', async () => {
    const { live, key } = await onAir();
    const watching = await viewer(live);
    const whip = await start(live, key);
    expect(whip).toMatchObject({
      status: 201,
      location: expect.stringMatching(/^\/video\/whip\//) as string,
    });
    const mime = await until(() => watching.begin(), Boolean, PATIENCE_MS);
    expect(mime).toMatchObject({ mime: expect.stringMatching(/avc1\..*opus/i) as string });
    await until(
      () => watching.fragments(),
      (count) => count >= THREE_SECONDS,
      PATIENCE_MS,
    );
    if (!hasFfmpeg) return;
    const seen = await decoded(watching, THREE_SECONDS);
    expect(seen).toMatchObject({
      complaints: '',
      video: { codec: 'h264', width: 640, height: 360 },
      audio: { codec: 'opus' },
    });
    expect(seen.video!.frames).toBeGreaterThan(20);
  });

  test('ends by DELETE of its own address, once', async () => {
    const { live, key } = await onAir();
    const watching = await viewer(live);
    const whip = await start(live, key);
    await until(
      () => watching.fragments(),
      (count) => count > 3,
      PATIENCE_MS,
    );
    const other = `${shop.url}/video/whip/${live}/${'0'.repeat(32)}`;
    expect((await fetch(other, { method: 'DELETE' })).status).toBe(404);
    expect((await fetch(shop.url + whip.location, { method: 'DELETE' })).status).toBe(200);
    await until(() => watching.isOff(), Boolean, PATIENCE_MS);
    expect((await fetch(shop.url + whip.location, { method: 'DELETE' })).status).toBe(404);
    expect((await start(live, key)).status).toBe(201);
  });

  test('with a key that is unknown, of another live, in use or revoked is refused', async () => {
    const { live, key } = await onAir();
    const other = await onAir();
    const watching = await viewer(live);
    expect((await start(live, 'nobody-made-this')).status).toBe(401);
    expect((await start(live, other.key)).status).toBe(401);
    expect((await start(live, key)).status).toBe(201);
    await until(
      () => watching.fragments(),
      (count) => count > 3,
      PATIENCE_MS,
    );
    expect((await start(live, key)).status).toBe(409);
    await shop.ctx.streamKeys.revoke(live);
    await until(() => watching.isOff(), Boolean, PATIENCE_MS);
    expect((await start(live, key)).status).toBe(401);
  });

  test('what is no offer, or comes without a key, is refused by its code', async () => {
    const { live, key } = await onAir();
    const url = `${shop.url}/video/whip/${live}`;
    const post = async (body: string, headers: Record<string, string>) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { accept: 'application/json', ...headers },
        body,
      });
      const { error } = (await response.json()) as { error: { code: string } };
      return [response.status, error.code];
    };
    const sdp = { 'content-type': 'application/sdp' };
    const bearer = { authorization: `Bearer ${key}` };
    expect(await post('v=0\r\n', sdp)).toEqual([401, 'wrong_credentials']);
    expect(await post('hello', { ...sdp, ...bearer })).toEqual([422, 'invalid']);
    expect(await post('v=0', { 'content-type': 'text/plain', ...bearer })).toEqual([422, 'invalid']);
    expect(await post('x'.repeat(70_000), { ...sdp, ...bearer })).toEqual([413, 'too_large']);
    // None of it keeps the key: it is free for who comes next.
    expect((await start(live, key)).status).toBe(201);
  });

  test('says what may be asked of it', async () => {
    const { live } = await onAir();
    const url = `${shop.url}/video/whip/${live}`;
    const options = await fetch(url, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('accept-post')]).toEqual([204, 'application/sdp']);
    expect((await fetch(url)).status).toBe(405);
    const patch = await fetch(`${url}/${'0'.repeat(32)}`, { method: 'PATCH' });
    expect([patch.status, patch.headers.get('allow')]).toEqual([405, 'DELETE, OPTIONS']);
  });
});
