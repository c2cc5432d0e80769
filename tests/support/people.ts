import { Client } from './client.ts';
import type { TestShop } from './shop.ts';

export const LIVE = 'huangshaping-market';
export const PASSWORD = 'long enough';

export interface Failure {
  error: { code: string; message: string; fields?: Record<string, string> };
}

let addresses = 0;
let names = 0;

/** Somebody at an address of their own; the shop must believe one proxy (`TRUST_PROXY: '1'`). */
export class Visitor extends Client {
  readonly address: string;

  constructor(shop: Pick<TestShop, 'url'>, address?: string) {
    super(shop.url);
    addresses += 1;
    this.address = address ?? `10.1.${addresses >> 8}.${addresses & 255}`;
  }

  override request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('x-forwarded-for', this.address);
    return super.request(path, { ...init, headers });
  }

  /** `ok`, or the code of the refusal. */
  async tryLogIn(login: string, password: string): Promise<string> {
    const { status, body } = await this.post<Failure>('/api/login', { login, password });
    return status === 200 ? 'ok' : body.error.code;
  }
}

/** A visitor who has just opened an account. */
export async function registered<V extends Client>(visitor: V): Promise<{ visitor: V; login: string }> {
  names += 1;
  const login = `person${names}@test.test`;
  const { status } = await visitor.post('/api/register', { login, password: PASSWORD, name: `人${names}` });
  if (status !== 201) throw new Error(`registering answered ${status}`);
  return { visitor, login };
}

/** Gives an account other roles, as an admin would. */
export async function setRoles(shop: TestShop, login: string, roles: string[]) {
  await shop.ctx.db.collection('users').updateOne({ login }, { $set: { roles } });
}
