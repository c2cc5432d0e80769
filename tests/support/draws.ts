import type { Client } from './client.ts';
import { registered, Visitor } from './people.ts';
import type { TestShop } from './shop.ts';
import type { OpenDrawCommand } from '../../server/draws/draws.schema.ts';

export const PRIZE = 'HNY-500';

/** Somebody with an account, in the room. */
export async function newcomer(shop: TestShop): Promise<{ client: Client; id: string; login: string }> {
  const { visitor, login } = await registered(new Visitor(shop));
  const person = await shop.ctx.accounts.byLogin(login);
  return { client: visitor, id: person!.id, login };
}

export function drawCommand(liveId: string, more: Partial<OpenDrawCommand> = {}): OpenDrawCommand {
  return {
    liveId,
    entry: { kind: 'comment', keyword: '抽奖' },
    prizes: [{ sku: PRIZE, qty: 1, winners: 1 }],
    seconds: 600,
    claimHours: 24,
    ...more,
  };
}
