import { io, type Socket } from 'socket.io-client';
import type { DrawClientEvents, DrawServerEvents } from '../../server/draws/draws.events.ts';
import type { DropClientEvents, DropServerEvents } from '../../server/live/coupon-drops.events.ts';
import type { LiveClientEvents, LiveServerEvents } from '../../server/live/live.events.ts';
import type { OrderClientEvents, OrderServerEvents } from '../../server/orders/orders.events.ts';

export type TestSocket = Socket<
  LiveServerEvents & OrderServerEvents & DrawServerEvents & DropServerEvents,
  LiveClientEvents & OrderClientEvents & DrawClientEvents & DropClientEvents
>;

/** A browser without a face: keeps cookies, speaks JSON, opens sockets with the same session. */
export class Client {
  readonly url: string;
  readonly cookies = new Map<string, string>();
  private readonly sockets: TestSocket[] = [];

  constructor(url: string) {
    this.url = url;
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (this.cookies.size > 0) headers.set('cookie', this.cookieHeader);
    const response = await fetch(this.url + path, { redirect: 'manual', ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  async get(path: string) {
    return this.request(path);
  }

  async json<T = Record<string, unknown>>(path: string): Promise<T> {
    return (await this.request(path)).json() as Promise<T>;
  }

  async post<T = Record<string, unknown>>(
    path: string,
    body: unknown,
  ): Promise<{ status: number; body: T; headers: Headers }> {
    const response = await this.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: (text ? JSON.parse(text) : undefined) as T,
      headers: response.headers,
    };
  }

  async form(path: string, fields: Record<string, string>): Promise<Response> {
    return this.request(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  async logIn(login: string, password = 'demo-1234') {
    return this.post('/api/login', { login, password });
  }

  /** A connected socket with this client's session. */
  async socket(): Promise<TestSocket> {
    const socket: TestSocket = io(this.url, {
      transports: ['websocket'],
      extraHeaders: { cookie: this.cookieHeader },
      forceNew: true,
      reconnection: false,
    });
    this.sockets.push(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  }

  close() {
    for (const socket of this.sockets) socket.disconnect();
  }
}

/** Waits until something is so, looking often; fails with what it last saw. */
export async function until<T>(
  look: () => T | Promise<T>,
  is: (value: T) => boolean,
  ms = 5_000,
): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = await look();
    if (is(value)) return value;
    if (Date.now() > deadline) throw new Error(`still not so after ${ms} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
