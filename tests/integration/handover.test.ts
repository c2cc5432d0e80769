import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../server/accounts/index.ts';
import { Client } from '../support/client.ts';
import { openMediaPeer } from '../support/media-server-peer.ts';
import { movableClock, openTestShop, type TestShop } from '../support/shop.ts';

const SECRET = 'a-hook-secret-of-tests';
const clock = movableClock();
let shop: TestShop;
let host: Person;
let peer: Awaited<ReturnType<typeof openMediaPeer>>;

const hookAt = (url: string, secret: string) =>
  `${url.replace('http://', `http://hook:${secret}@`)}/video/hooks/mediamtx`;

beforeAll(async () => {
  shop = await openTestShop({ demo: true, clock, env: { VIDEO_HOOK_SECRET: SECRET } });
  host = (await shop.ctx.accounts.byLogin('host@demo.test'))!;
  peer = await openMediaPeer(hookAt(shop.url, SECRET));
});
afterAll(async () => {
  await peer.close();
  await shop.close();
});

interface Wish {
  expiresAt?: Date | null;
  protectPlay?: boolean;
  token?: string | null;
}

/** A live that is handed over, with its stream key. */
async function handedOver({ expiresAt = null, protectPlay = false, token = null }: Wish = {}) {
  const title = { 'zh-CN': '交给外面播', en: 'Played elsewhere' };
  const { _id: live } = await shop.ctx.lives.schedule(
    { title, intro: title, poster: 'lives/honey-morning.svg', rail: [], startsAt: clock.now() },
    host,
  );
  const key = await shop.ctx.streamKeys.renew(live, null, host);
  const form = {
    ...{ version: 0, whip: `${peer.url}/${live}/whip`, rtmp: `rtmp://127.0.0.1/${live}` },
    ...{ token, forgetToken: false, expiresAt, protectPlay },
    play: [{ type: 'llhls' as const, url: `${peer.url}/${live}/index.m3u8` }],
  };
  await shop.ctx.handovers.change(live, form, host);
  return { live, key, form };
}

describe('a media server that asks as MediaMTX does', () => {
  test('lets a publisher with the stream key in, wherever the key stands', async () => {
    const { live, key } = await handedOver();
    const publish = { action: 'publish' as const, path: live };
    expect(await peer.ask({ ...publish, password: key, user: 'anybody' })).toBe(true);
    expect(await peer.ask({ ...publish, token: key, protocol: 'webrtc' })).toBe(true);
    expect(await peer.ask({ ...publish, query: `user=x&pass=${key}` })).toBe(true);
    expect(await peer.ask({ ...publish, path: `live/${live}`, query: `token=${key}` })).toBe(true);
  });

  test('lets the studio of the console in with a pass that holds for two minutes and for its live', async () => {
    const { live } = await handedOver();
    const other = await handedOver();
    await shop.ctx.lives.start(live, host);
    const client = new Client(shop.url);
    await client.logIn('host@demo.test');
    const answer = await client.post<{ at: string; url: string; token: string }>(
      `/api/lives/${live}/publishing`,
      {},
    );
    expect(answer.body).toMatchObject({ at: 'whip', url: `${peer.url}/${live}/whip` });
    const { token } = answer.body;
    const publish = { action: 'publish' as const, path: live, token, protocol: 'webrtc' };
    expect(await peer.ask(publish)).toBe(true);
    expect(await peer.ask({ ...publish, path: other.live })).toBe(false);
    expect(await peer.ask({ ...publish, token: token.replace(/^\d/, '9') })).toBe(false);
    expect(await peer.ask({ ...publish, action: 'api' })).toBe(false);
    clock.forward(2 * 60_000);
    expect(await peer.ask(publish)).toBe(false);
    await shop.ctx.lives.stop(live, host);
    expect((await client.post(`/api/lives/${live}/publishing`, {})).status).toBe(409);
  });

  test('sends its studio to the shop where nothing was handed over, or no longer is', async () => {
    const { live } = await handedOver({ expiresAt: new Date(clock.now().getTime() + 60_000) });
    const client = new Client(shop.url);
    await client.logIn('host@demo.test');
    const at = async () => (await client.post<{ at: string }>(`/api/lives/${live}/publishing`, {})).body.at;
    const policy = async () =>
      (await client.get(`/host/live/${live}`)).headers.get('content-security-policy') ?? '';
    expect([await at(), (await policy()).includes(peer.url)]).toEqual(['whip', true]);
    clock.forward(60_000);
    expect([await at(), (await policy()).includes(peer.url)]).toEqual(['here', false]);
  });

  test('sends everybody else away with 401, so that clients ask for a password', async () => {
    const { live, key } = await handedOver();
    const other = await handedOver();
    const publish = { action: 'publish' as const, path: live };
    peer.answers.length = 0;
    expect(await peer.ask(publish)).toBe(false);
    expect(await peer.ask({ ...publish, password: 'wrong' })).toBe(false);
    expect(await peer.ask({ ...publish, password: other.key })).toBe(false);
    expect(await peer.ask({ ...publish, path: 'no-such-live', password: key })).toBe(false);
    expect(await peer.ask({ ...publish, path: '', password: key })).toBe(false);
    expect(await peer.ask({ ...publish, action: 'api', password: key })).toBe(false);
    expect(new Set(peer.answers)).toEqual(new Set([401]));
  });

  test('is told no after the key was revoked, the hour has come, or the live is over', async () => {
    const ask = ({ live, key }: { live: string; key: string }) =>
      peer.ask({ action: 'publish', path: live, password: key });
    const revoked = await handedOver();
    await shop.ctx.streamKeys.revoke(revoked.live);
    expect(await ask(revoked)).toBe(false);

    const limited = await handedOver({ expiresAt: new Date(clock.now().getTime() + 60_000) });
    expect(await ask(limited)).toBe(true);
    clock.forward(61_000);
    expect(await ask(limited)).toBe(false);

    const over = await handedOver();
    await shop.ctx.lives.start(over.live, host);
    expect(await ask(over)).toBe(true);
    await shop.ctx.lives.stop(over.live, host);
    expect(await ask(over)).toBe(false);
  });

  test('a live that was not handed over is published nowhere else', async () => {
    const { live, key, form } = await handedOver();
    const none = { ...form, version: 1, whip: null, rtmp: null, play: [] };
    await shop.ctx.handovers.change(live, none, host);
    expect(await peer.ask({ action: 'publish', path: live, password: key })).toBe(false);
    expect(await shop.ctx.handovers.playOf(live)).toEqual([]);
  });

  test('shows its playlist to viewers, and to no stranger when they need a token', async () => {
    const open = await handedOver();
    const [address] = await shop.ctx.handovers.playOf(open.live);
    expect(address).toEqual({ type: 'llhls', url: `${peer.url}/${open.live}/index.m3u8` });
    expect(await (await fetch(address!.url)).text()).toContain('#EXTM3U');

    const closed = await handedOver({ protectPlay: true });
    const other = await handedOver({ protectPlay: true });
    const [guarded] = await shop.ctx.handovers.playOf(closed.live);
    const [theirs] = await shop.ctx.handovers.playOf(other.live);
    expect((await fetch(guarded!.url)).status).toBe(200);
    expect((await fetch(`${peer.url}/${closed.live}/index.m3u8`)).status).toBe(401);
    const foreign = new URL(theirs!.url).search;
    expect((await fetch(`${peer.url}/${closed.live}/index.m3u8${foreign}`)).status).toBe(401);
    clock.forward(15 * 3_600_000);
    expect((await fetch(guarded!.url)).status).toBe(401);
  });

  test.each([
    ['with another secret', () => hookAt(shop.url, 'some-other-secret')],
    ['without one', () => `${shop.url}/video/hooks/mediamtx`],
  ])('is not believed %s', async (_what, address) => {
    const { live, key } = await handedOver();
    const stranger = await openMediaPeer(address());
    expect(await stranger.ask({ action: 'publish', path: live, password: key })).toBe(false);
    expect(stranger.answers).toEqual([401]);
    await stranger.close();
  });

  test('is not answered where the shop has no secret', async () => {
    const plain = await openTestShop();
    const asking = await openMediaPeer(hookAt(plain.url, ''));
    expect(await asking.ask({ action: 'publish', path: 'a-live' })).toBe(false);
    expect(asking.answers).toEqual([404]);
    await asking.close();
    await plain.close();
  });

  test.each(['', 'null', '[]', '{"action":5}', '{"action":"publish","path":{"$ne":1}}', 'x'.repeat(20_000)])(
    'gets no further with %s',
    async (body) => {
      const response = await fetch(`${shop.url}/video/hooks/mediamtx`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`hook:${SECRET}`).toString('base64')}` },
        body,
      });
      expect([413, 422]).toContain(response.status);
    },
  );
});

describe('a media server that asks as SRS does', () => {
  async function ask(action: string, live: string, param: string, secret = SECRET) {
    const response = await fetch(`${shop.url}/video/hooks/srs?hook_secret=${secret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ action, client_id: 'a1', ip: '198.51.100.9', vhost: '__defaultVhost__', app: 'live' },
        ...{ stream: live, param, tcUrl: 'rtmp://media.test/live', server_id: 'vid-1' },
      }),
    });
    return { status: response.status, body: await response.text() };
  }

  test('is answered 0 for the stream key and for viewers, and not otherwise', async () => {
    const { live, key } = await handedOver();
    expect(await ask('on_publish', live, `?key=${key}`)).toEqual({ status: 200, body: '0' });
    expect(await ask('on_publish', live, '?key=wrong')).toEqual({ status: 403, body: '1' });
    expect(await ask('on_play', live, '')).toEqual({ status: 200, body: '0' });
    expect(await ask('on_unpublish', live, '')).toEqual({ status: 200, body: '0' });
    expect((await ask('on_publish', live, `?key=${key}`, 'wrong')).status).toBe(401);
  });
});

describe("the other server's own token", () => {
  test('is sealed in the database, and shown to who runs the live', async () => {
    const { live } = await handedOver({ token: 'their-own-token-1' });
    const stored = await shop.ctx.handovers.ofLive(live);
    expect(JSON.stringify(stored)).not.toContain('their-own-token-1');
    expect(shop.ctx.handovers.tokenOf(stored!)).toBe('their-own-token-1');
    const client = new Client(shop.url);
    await client.logIn('host@demo.test');
    const page = await (await client.get(`/host/live/${live}/encoders`)).text();
    expect(page).toContain('their-own-token-1');
  });

  test('stays when the form leaves it empty, and goes when it is told to', async () => {
    const { live, form } = await handedOver({ token: 'their-own-token-2' });
    await shop.ctx.handovers.change(live, { ...form, version: 1, token: null }, host);
    expect(shop.ctx.handovers.tokenOf((await shop.ctx.handovers.ofLive(live))!)).toBe('their-own-token-2');
    await shop.ctx.handovers.change(live, { ...form, version: 2, token: null, forgetToken: true }, host);
    expect((await shop.ctx.handovers.ofLive(live))!.publish.token).toBeNull();
  });
});

describe('the form and the room', () => {
  test('two who change it at once: the second is told', async () => {
    const { live, form } = await handedOver();
    const next = { ...form, version: 1 };
    const both = await Promise.allSettled([
      shop.ctx.handovers.change(live, next, host),
      shop.ctx.handovers.change(live, next, host),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('what was refused comes back as it was typed, with its reason', async () => {
    const { live } = await handedOver();
    const client = new Client(shop.url);
    await client.logIn('host@demo.test');
    const response = await client.form(`/host/live/${live}/encoders/handover`, {
      ...{ version: '1', whip: 'ftp://media.test/x', rtmp: '', token: '', expiresAt: '' },
      playUrl0: 'https://media.test/kept.m3u8',
    });
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(page).toContain('ftp://media.test/x');
    expect(page).toContain('https://media.test/kept.m3u8');
    expect(page).toContain('id="error-whip"');
  });

  test("a room may reach its own live's media server, and no other page may", async () => {
    const { live } = await handedOver();
    const policyOf = async (path: string) =>
      (await fetch(shop.url + path)).headers.get('content-security-policy') ?? '';
    const room = await policyOf(`/live/${live}`);
    expect(room).toMatch(new RegExp(`connect-src [^;]*${peer.url}`));
    expect(room).toMatch(new RegExp(`media-src [^;]*${peer.url}`));
    expect(room).not.toMatch(new RegExp(`script-src [^;]*${peer.url}`));
    expect(await policyOf('/live/huangshaping-market')).not.toContain(peer.url);
  });
});
