import { mkdir, readdir, readlink, truncate, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CLOSE } from '../../server/video/watch.events.ts';
import { Client, until } from '../support/client.ts';
import { LIVE } from '../support/people.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';
import { publish, tryPublish, watch } from '../support/video-lines.ts';

/** Processes are started here, and segments take seconds. */
vi.setConfig({ testTimeout: 240_000 });

const clock = movableClock();
let shop: TestShop;
const ends: (() => void)[] = [];

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock });
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
afterAll(() => shop.close());

async function loggedIn(login: string, url = shop.url): Promise<Client> {
  const client = new Client(url);
  await client.logIn(login);
  return client;
}

async function hostOnAir(url = shop.url) {
  const line = await publish(await loggedIn('host@demo.test', url), LIVE);
  ends.push(line.stop);
  return line;
}

async function viewer(options: Parameters<typeof watch>[2] = {}, url = shop.url) {
  const line = await watch(new Client(url), LIVE, options);
  ends.push(line.stop);
  return line;
}

const boxOf = (bytes: Buffer | undefined) => bytes?.toString('latin1', 4, 8);

describe('who may publish', () => {
  test('the host of the live, from our own pages, and nobody else', async () => {
    expect(await tryPublish(new Client(shop.url), LIVE)).toBe(401);
    expect(await tryPublish(await loggedIn('shopper@demo.test'), LIVE)).toBe(403);
    const host = await loggedIn('host@demo.test');
    expect(await tryPublish(host, LIVE, { origin: 'https://elsewhere.example' })).toBe(403);
    expect(await tryPublish(host, 'no-such-live')).toBe(404);
    expect(await tryPublish(host, LIVE)).toBeUndefined();
  });

  test('a second line of the host takes over, and the first is told so', async () => {
    const first = await hostOnAir();
    await until(first.heard, Boolean);
    await hostOnAir();
    expect(await until(first.closedWith, (code) => code !== undefined)).toBe(CLOSE.taken);
  });
});

describe('watching', () => {
  test('begins at once with what is needed, and comes back when the host does', async () => {
    const host = await hostOnAir();
    await until(host.heard, (heard) => (heard?.bytes ?? 0) > 20_000);
    const here = await viewer();
    await here.has(4);
    expect(here.words[0]).toMatchObject({ type: 'begin', rendition: 'high', width: 160, height: 90 });
    expect(boxOf(here.parts[0])).toBe('ftyp');
    expect(boxOf(here.parts[1])).toBe('moof');
    host.drop();
    await until(
      () => here.words.at(-1)?.type,
      (type) => type === 'off',
    );
    const before = here.parts.length;
    await hostOnAir();
    await here.has(before + 4);
    expect(here.words.at(-1)).toMatchObject({ type: 'begin' });
  });

  test('one who takes nothing is skipped, and the others get everything', async () => {
    await hostOnAir();
    const [slow, quick] = [await viewer({ acks: false }), await viewer()];
    await quick.has(60);
    expect(slow.parts.length).toBeLessThan(30);
  });

  test('the sound alone is to be had', async () => {
    await hostOnAir();
    const here = await viewer({ choice: 'sound' });
    await here.has(3);
    const begin = await until(() => here.words.findLast(({ type }) => type === 'begin'), Boolean);
    expect(begin).toMatchObject({ rendition: 'sound', mime: 'audio/mp4; codecs="mp4a.40.2"' });
  });

  test('nonsense ends the line', async () => {
    const here = await viewer();
    here.socket.send('{"type":"dance"}');
    expect(await until(here.closedWith, (code) => code !== undefined)).toBe(CLOSE.malformed);
  });

  test('somebody at another process of the shop is led to where the live is', async () => {
    const other = await openTestShop({ uri: shop.uri });
    try {
      await hostOnAir();
      const early = await viewer();
      await early.has(2);
      const there = await viewer({}, other.url);
      await there.has(4);
      expect(boxOf(there.parts[0])).toBe('ftyp');
      const list = await fetch(`${other.url}/video/hls/${LIVE}/high.m3u8`);
      expect(await list.text()).toContain('#EXTM3U');
    } finally {
      await other.close();
    }
  });
});

describe('HLS', () => {
  test('lists parts, waits for what comes, and serves what it lists', async () => {
    await hostOnAir();
    const at = (path: string) => fetch(`${shop.url}/video/hls/${LIVE}/${path}`);
    const master = await until(
      async () => (await at('index.m3u8')).text(),
      (text) => text.includes('high.m3u8'),
    );
    expect(master).toContain('CODECS="avc1.42D00B,mp4a.40.2"');
    const list = await until(
      async () => (await at('high.m3u8')).text(),
      (text) => text.includes('#EXTINF'),
      15_000,
    );
    const [, last] = /part-(\d+)-\d+\.m4s"(?![\s\S]*part-\d+-\d+\.m4s")/.exec(list) ?? [];
    const next = await (await at(`high.m3u8?_HLS_msn=${last}&_HLS_part=2`)).text();
    expect(next).toContain(`part-${last}-2.m4s`);
    const segment = /high\/seg-\d+\.m4s/.exec(next)?.[0] ?? '';
    const init = /high\/init-\d+\.mp4/.exec(next)?.[0] ?? '';
    expect(boxOf(Buffer.from(await (await at(init)).arrayBuffer()))).toBe('ftyp');
    expect(boxOf(Buffer.from(await (await at(segment)).arrayBuffer()))).toBe('moof');
    expect((await at('high/../../secret')).status).toBe(404);
  });
});

describe('the recording', () => {
  test('survives kill -9 of its process, and goes on', async () => {
    const { recordings, video } = shop.ctx;
    const host = await hostOnAir();
    const kept = async () => (await recordings.ofLive(LIVE)).length;
    const before = await kept();
    await until(kept, (count) => count >= before + 2, 20_000);
    const pid = video.pid()!;
    process.kill(pid, 'SIGKILL');
    await until(host.closedWith, (code) => code !== undefined);
    const survived = await kept();
    expect(survived).toBeGreaterThanOrEqual(before + 2);

    await until(
      () => video.pid(),
      (now) => now !== undefined && now !== pid,
    );
    await hostOnAir();
    await until(kept, (count) => count > survived, 20_000);
    clock.forward(60_000);
    await recordings.recover();
    const open = await shop.ctx.db.collection('recordings').countDocuments({ endedAt: null });
    expect(open).toBeLessThanOrEqual(1);
    clock.forward(-60_000);

    const list = await (await fetch(`${shop.url}/video/replay/${LIVE}.m3u8`)).text();
    expect(list).toContain('#EXT-X-DISCONTINUITY');
    const file = /\/video\/recordings\/\S+seg-0\.m4s/.exec(list)?.[0] ?? '';
    const answer = await fetch(shop.url + file);
    expect([answer.status, boxOf(Buffer.from(await answer.arrayBuffer()))]).toEqual([200, 'moof']);
    const now = await recordings.at(LIVE, new Date());
    expect(now?.offsetMs).toBeGreaterThan(3_000);
  });

  test('is not made when its budget is used up, and the live goes on', async () => {
    const poor = await openTestShop({ demo: true, env: { RECORDING_BUDGET_GB: '0' } });
    try {
      const host = await hostOnAir(poor.url);
      await until(() => poor.ctx.video.figures().failing, Boolean, 30_000);
      await until(host.heard, (heard) => heard?.recording === false);
      const here = await viewer({}, poor.url);
      await here.has(3);
      expect(await poor.ctx.recordings.ofLive(LIVE)).toEqual([]);
    } finally {
      await poor.close();
    }
  });

  test('is removed after its time, unless it is held', async () => {
    const { recordings } = shop.ctx;
    await hostOnAir();
    const all = async () => (await recordings.latest()).filter(({ removedAt }) => removedAt === null);
    const [one] = await until(all, (list) => list.length > 0 && list[0]!.segments > 0, 20_000);
    for (const end of ends.splice(0)) end();
    await recordings.hold(one!._id, 'a buyer disputes it', { id: 'admin' });
    await expect(recordings.hold(one!._id, 'again', { id: 'admin' })).rejects.toMatchObject({
      code: 'conflict',
    });
    const threeYears = 3 * 366 * 86_400_000;
    clock.forward(threeYears);
    await recordings.retire();
    clock.forward(-threeYears);
    const left = await all();
    expect(left.map(({ _id }) => _id)).toEqual([one!._id]);
    const folders = await readdir(`${shop.ctx.config.dataDir}/recordings/${LIVE}`);
    expect(folders).toContain(one!._id);
  });

  test('is put together once as long as nothing is added to it', async () => {
    const { recordings } = shop.ctx;
    const before = await recordings.ofLive(LIVE);
    expect(before.length).toBeGreaterThan(0);
    expect(await recordings.ofLive(LIVE)).toBe(before);
    await hostOnAir();
    await until(
      async () => (await recordings.ofLive(LIVE)).length,
      (count) => count > before.length,
      20_000,
    );
  });

  test('of other lives is not listed for who asks for theirs', async () => {
    const { recordings } = shop.ctx;
    const elsewhere = await recordings.begin('another-live');
    const ids = async (lives?: string[]) => (await recordings.latest(lives)).map(({ _id }) => _id);
    expect(await ids()).toContain(elsewhere);
    expect(await ids([LIVE])).not.toContain(elsewhere);
    expect(await ids(['another-live'])).toEqual([elsewhere]);
  });

  test('is closed again when whoever loads a piece of it goes away in the middle', async () => {
    const { recordings, video, config } = shop.ctx;
    const id = await recordings.begin(LIVE);
    const folder = `${config.dataDir}/recordings/${LIVE}/${id}`;
    await mkdir(folder, { recursive: true });
    await writeFile(`${folder}/seg-0.m4s`, '');
    // More than the kernel keeps for a line that nobody reads.
    await truncate(`${folder}/seg-0.m4s`, 256 * 1024 * 1024);
    const isOpen = async () => {
      const names = await readdir(`/proc/${video.pid()}/fd`);
      const files = await Promise.all(
        names.map((fd) => readlink(`/proc/${video.pid()}/fd/${fd}`).catch(() => '')),
      );
      return files.some((file) => file.includes(id));
    };
    const request = get(`${shop.url}/video/recordings/${id}/seg-0.m4s`, (answer) => answer.pause());
    request.on('error', () => {});
    await until(isOpen, Boolean);
    request.destroy();
    await until(isOpen, (open) => !open);
  });

  test('goes on in the books when it is heard of again after it was given up', async () => {
    const { recordings } = shop.ctx;
    const id = await recordings.begin('a-stalled-live');
    const state = async () => {
      const { endedAt, segments } = (await recordings.byId(id))!;
      return { over: endedAt !== null, segments };
    };
    clock.forward(60_000);
    await recordings.recover();
    expect(await state()).toEqual({ over: true, segments: 0 });
    await recordings.grow(id, { bytes: 9_000, durationMs: 6_000, segments: 3 });
    expect(await state()).toEqual({ over: false, segments: 3 });
    clock.forward(-60_000);
  });
});

test('a live that ends takes its publisher off the air', async () => {
  const host = await hostOnAir();
  await until(host.heard, Boolean);
  const person = await shop.ctx.accounts.byLogin('host@demo.test');
  await shop.ctx.lives.stop(LIVE, person!);
  expect(await until(host.closedWith, (code) => code !== undefined)).toBe(CLOSE.over);
  expect(await tryPublish(await loggedIn('host@demo.test'), LIVE)).toBe(409);
});
