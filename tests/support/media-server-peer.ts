import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a client came: what MediaMTX knows of it, and asks with. */
export interface MediaClient {
  action: 'publish' | 'read' | 'playback' | 'api';
  path: string;
  user?: string;
  password?: string;
  token?: string;
  query?: string;
  protocol?: string;
}

/**
 * A media server that asks as MediaMTX does (POST of JSON with all nine fields to `authHTTPAddress`, the address's
 * user part sent as Basic authentication, any 20x allows) and serves a playlist to whoever was allowed to read.
 */
export async function openMediaPeer(authHTTPAddress: string) {
  const hook = new URL(authHTTPAddress);
  const basic = Buffer.from(`${hook.username}:${hook.password}`).toString('base64');
  const anonymous = hook.username === '';
  hook.username = '';
  hook.password = '';
  const answers: number[] = [];

  async function ask(client: MediaClient): Promise<boolean> {
    const body = {
      ...{ user: '', password: '', token: '', ip: '198.51.100.9', protocol: 'rtmp', query: '' },
      ...{ id: 'f2b4c5d6-0000-4000-8000-000000000000', userAgent: 'a field of a newer version' },
      ...client,
    };
    const response = await fetch(hook, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(anonymous ? {} : { authorization: `Basic ${basic}` }),
      },
      body: JSON.stringify(body),
    });
    answers.push(response.status);
    return response.status >= 200 && response.status < 210;
  }

  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://peer');
    const [, path = '', file = ''] = /^\/(.+)\/([^/]+)$/.exec(url.pathname) ?? [];
    void ask({ action: 'read', path, protocol: 'hls', query: url.search.slice(1) }).then((allowed) => {
      res.setHeader('Access-Control-Allow-Origin', '*');
      if (!allowed) return res.writeHead(401).end();
      if (file !== 'index.m3u8') return res.writeHead(404).end();
      return res
        .writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' })
        .end('#EXTM3U\n#EXT-X-VERSION:9\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsegment0.mp4\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ask,
    /** What the hook said, in order. */
    answers,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
