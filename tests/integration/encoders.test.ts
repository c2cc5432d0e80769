import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import { listenForRtmp, type RtmpListener } from '../../server/video/encoders/rtmp.service.ts';
import { Client, until } from '../support/client.ts';
import { recordingIngest, type Recorded } from '../support/recording-ingest.ts';
import { publishRtmp, type RtmpPublisher } from '../support/rtmp-publisher.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const clock = movableClock();
let shop: TestShop;
let host: Person;
let rtmp: RtmpListener;
let recorded: Recorded[];
const publishers: RtmpPublisher[] = [];

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock, env: { RTMP_PORT: '1935', LOG_LEVEL: 'silent' } });
  host = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
  const ingest = recordingIngest();
  recorded = ingest.recorded;
  rtmp = await listenForRtmp(
    { openIngest: ingest.openIngest, gate: shop.ctx.streamKeys.gate, log: shop.ctx.log },
    { host: '127.0.0.1', port: 0 },
  );
});
afterEach(() => {
  for (const publisher of publishers.splice(0)) publisher.drop();
});
afterAll(async () => {
  await rtmp.close();
  await shop.close();
});

async function newLive(): Promise<string> {
  const { lives } = shop.ctx;
  const title = { 'zh-CN': '编码器试播', en: 'Trying an encoder' };
  const command = { title, intro: title, poster: 'lives/honey-morning.svg', rail: [] };
  const live = await lives.schedule({ ...command, startsAt: clock.now() }, host);
  return live._id;
}

async function withKey(): Promise<{ live: string; key: string }> {
  const live = await newLive();
  return { live, key: await shop.ctx.streamKeys.renew(live, null, host) };
}

async function publish(key: string, options?: { header?: boolean }): Promise<RtmpPublisher> {
  const publisher = await publishRtmp(rtmp.port, key, options);
  publishers.push(publisher);
  return publisher;
}

const stateOf = async (live: string) => (await shop.ctx.streamKeys.ofLive(live)).state;
const latestOf = (live: string) => recorded.findLast((one) => one.live === live);
const REFUSED = { answer: 'NetStream.Publish.BadName' };
const ON_AIR = { answer: 'NetStream.Publish.Start' };

describe('a stream key', () => {
  test('brings pictures and sound of its live in', async () => {
    const { live, key } = await withKey();
    const publisher = await publish(key);
    expect(publisher).toMatchObject(ON_AIR);
    publisher.play(0, 400);
    const one = await until(
      () => latestOf(live),
      (found) => found?.packets.length === 20,
    );
    expect(one).toMatchObject({
      ...{ live, via: 'rtmp', publisher: host.id },
      tracks: { video: { codec: 'avc1.42C00D', width: 322 }, audio: { codec: 'mp4a.40.2' } },
    });
    expect(await stateOf(live)).toBe('on_air');
    publisher.stop();
    await publisher.closed;
    expect(latestOf(live)?.ended).toBe('stopped');
    await until(
      () => stateOf(live),
      (state) => state === 'ready',
    );
  });

  test('is nowhere in the database', async () => {
    const { live, key } = await withKey();
    const { key: stored } = await shop.ctx.streamKeys.ofLive(live);
    expect(JSON.stringify(stored)).not.toContain(key);
    expect(stored?.hint).toBe(key.slice(-4));
  });

  test('that nobody made is refused', async () => {
    expect(await publish('nobody-made-this')).toMatchObject(REFUSED);
    expect(await publish('')).toMatchObject(REFUSED);
  });

  test('of a live that is over is refused', async () => {
    const { live, key } = await withKey();
    await shop.ctx.lives.start(live, host);
    await shop.ctx.lives.stop(live, host);
    expect(await publish(key)).toMatchObject({ ...REFUSED, description: 'this live is over' });
  });

  test('that was revoked is refused, and whoever was on air with it is taken off', async () => {
    const { live, key } = await withKey();
    const publisher = await publish(key);
    publisher.play(0, 400);
    expect(await shop.ctx.streamKeys.revoke(live)).toBe(true);
    await publisher.closed;
    expect(latestOf(live)?.ended).toBe('key_gone');
    expect(await publish(key)).toMatchObject(REFUSED);
    expect(await stateOf(live)).toBe('revoked');
    expect(await shop.ctx.streamKeys.revoke(live)).toBe(false);
  });

  test('that was renewed is refused, and the new one is good', async () => {
    const { live, key } = await withKey();
    const { key: before } = await shop.ctx.streamKeys.ofLive(live);
    const publisher = await publish(key);
    const next = await shop.ctx.streamKeys.renew(live, before!.madeAt, host);
    await publisher.closed;
    expect(await publish(key)).toMatchObject(REFUSED);
    expect(await publish(next)).toMatchObject(ON_AIR);
  });

  test('that somebody is on air with is refused to everybody else, who takes nothing away', async () => {
    const { live, key } = await withKey();
    const first = await publish(key);
    first.play(0, 400);
    await until(
      () => latestOf(live)?.packets.length,
      (count) => count === 20,
    );
    expect(await publish(key)).toMatchObject({ ...REFUSED, description: /in use/ });
    first.play(400, 800);
    await until(
      () => latestOf(live)?.packets.length,
      (count) => count === 40,
    );
    expect(first.isClosed()).toBe(false);
  });

  test('is free at once for an encoder that stopped or hung up', async () => {
    const { live, key } = await withKey();
    const first = await publish(key);
    first.drop();
    await until(
      () => stateOf(live),
      (state) => state === 'ready',
    );
    expect(await publish(key)).toMatchObject(ON_AIR);
  });

  test('an encoder that lost its network comes again while its old connection still hangs', async () => {
    const { live, key } = await withKey();
    const first = await publish(key);
    clock.forward(2_600);
    const second = await publish(key);
    expect(second).toMatchObject(ON_AIR);
    second.play(0, 400);
    await until(
      () => latestOf(live)?.packets.length,
      (count) => count === 20,
    );
    await first.closed;
    expect(second.isClosed()).toBe(false);
  });

  test('two encoders that come in the same moment: one is on air', async () => {
    const { key } = await withKey();
    const both = await Promise.all([publish(key), publish(key)]);
    expect(both.map(({ answer }) => answer).sort()).toEqual([REFUSED.answer, ON_AIR.answer]);
  });

  test('runs out', async () => {
    const { live, key } = await withKey();
    clock.forward(91 * 86_400_000);
    expect(await publish(key)).toMatchObject(REFUSED);
    expect(await stateOf(live)).toBe('expired');
  });

  test('an encoder that sends HEVC is sent away, and its host is told why', async () => {
    const { live, key } = await withKey();
    const publisher = await publish(key, { header: false });
    publisher.send('video', Buffer.concat([Buffer.of(0x90), Buffer.from('hvc1'), Buffer.alloc(40)]));
    await publisher.closed;
    await until(
      async () => (await shop.ctx.streamKeys.ofLive(live)).key?.lastFault?.fault,
      (fault) => fault === 'video_codec',
    );
  });
});

describe('the page about encoders', () => {
  async function signedIn(login: string) {
    const client = new Client(shop.url);
    await client.logIn(login);
    return client;
  }

  const keyIn = (html: string) => /data-copy-value>([\w-]{32})</.exec(html)?.[1];
  const seenIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '';

  test('shows a key once, kept by no cache, and it is good', async () => {
    const live = await newLive();
    const client = await signedIn('host@demo.test');
    const before = await (await client.get(`/host/live/${live}/encoders`)).text();
    expect(keyIn(before)).toBeUndefined();
    expect(before).toContain('rtmp://localhost:1935/live');
    const made = await client.form(`/host/live/${live}/encoders/key`, { seen: seenIn(before) });
    expect(made.headers.get('cache-control')).toBe('no-store');
    const key = keyIn(await made.text());
    expect(key).toBeDefined();
    const after = await (await client.get(`/host/live/${live}/encoders`)).text();
    expect(after).not.toContain(key);
    expect(after).toContain(key!.slice(-4));
    expect(await publish(key!)).toMatchObject(ON_AIR);
  });

  test('a form sent twice makes one key', async () => {
    const live = await newLive();
    const client = await signedIn('host@demo.test');
    const first = await client.form(`/host/live/${live}/encoders/key`, { seen: '' });
    const key = keyIn(await first.text());
    const second = await client.form(`/host/live/${live}/encoders/key`, { seen: '' });
    expect(second.status).toBe(409);
    expect(keyIn(await second.text())).toBeUndefined();
    expect(await publish(key!)).toMatchObject(ON_AIR);
  });

  test('revokes', async () => {
    const { live, key } = await withKey();
    const client = await signedIn('host@demo.test');
    expect((await client.form(`/host/live/${live}/encoders/key/revoke`, {})).status).toBe(303);
    expect(await publish(key)).toMatchObject(REFUSED);
  });

  test.each([
    ['shopper@demo.test', 403],
    ['coop@demo.test', 403],
    ['admin@demo.test', 200],
  ])('is opened to %s with %i, and no key is made for who may not', async (login, status) => {
    const live = await newLive();
    const client = await signedIn(login);
    expect((await client.get(`/host/live/${live}/encoders`)).status).toBe(status);
    expect((await client.form(`/host/live/${live}/encoders/key`, { seen: '' })).status).toBe(status);
    expect(await stateOf(live)).toBe(status === 200 ? 'ready' : 'none');
    expect((await client.form(`/host/live/${live}/encoders/handover`, { version: '0' })).status).toBe(
      status === 200 ? 303 : 403,
    );
  });

  test('is nothing for a stranger or for a live that is not there', async () => {
    const stranger = new Client(shop.url);
    expect((await stranger.get(`/host/live/${await newLive()}/encoders`)).status).toBe(401);
    const client = await signedIn('host@demo.test');
    expect((await client.get('/host/live/nowhere-at-all/encoders')).status).toBe(404);
  });
});
