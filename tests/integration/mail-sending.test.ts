import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { connectDatabase, type Database } from '../../server/platform/db/index.ts';
import { newId } from '../../server/platform/ids.ts';
import {
  createMailSender,
  createOutbox,
  type Delivery,
  type MailDoc,
  type MailSender,
  type MailTransport,
  mailTransport,
} from '../../server/platform/mail/index.ts';
import { until } from '../support/client.ts';
import { inDatabase, movableClock } from '../support/shop.ts';
import { header, openSmtpPeer, part, type SmtpPeer } from '../support/smtp-peer.ts';

const FROM = '山乡 <shop@shop.example>';
const AUTH = { user: 'shop', pass: 'smtp-Pa55word' };

const lines: string[] = [];
const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });

let db: Database;
let clock: ReturnType<typeof movableClock>;
let peer: SmtpPeer;
const senders: MailSender[] = [];

beforeEach(async () => {
  lines.length = 0;
  clock = movableClock();
  peer = await openSmtpPeer({ auth: AUTH });
  db = await connectDatabase(inDatabase(inject('engineUri'), `t_${newId().slice(0, 12)}`), log);
});
afterEach(async () => {
  await Promise.all(senders.splice(0).map((sender) => sender.close()));
  await peer.close();
  await db.close();
});

/** A process of its own on the shared database. */
async function node(transport: MailTransport = mailTransport({ smtpUrl: peer.url, mailFrom: FROM })) {
  const outbox = createOutbox({ db, clock });
  await outbox.prepare();
  const sender = createMailSender({
    ...{ outbox, transport, clock, log, keepContent: false },
    compose: async ({ order = '' }, lang) => ({
      subject: `订单 ${order} (${lang})`,
      html: `<p>你好，${order}</p>`,
      text: `你好，${order}\n`,
    }),
  });
  senders.push(sender);
  return { outbox, sender };
}

const mail = (order: string, to = `${order.toLowerCase()}@example.com`) => ({
  ...{ _id: `${order}:placed`, to, lang: 'zh-CN' as const, about: { order, kind: 'placed' } },
});
async function stateOf(outbox: ReturnType<typeof createOutbox>, order: string): Promise<MailDoc> {
  const settled = (found: MailDoc | null) => found !== null && found.state !== 'sending' && found.tries > 0;
  return (await until(() => outbox.byId(`${order}:placed`), settled))!;
}

/** A transport whose letters wait until somebody lets them through. */
function gate() {
  const waiting: { id: string; open: (delivery: Delivery) => void }[] = [];
  const transport: MailTransport = {
    via: 'smtp',
    send: ({ id }) => new Promise((open) => void waiting.push({ id, open })),
    close: () => waiting.splice(0).forEach(({ open }) => open({ outcome: 'later', reason: 'closed' })),
  };
  return { waiting, transport };
}

describe('a mail', () => {
  test('arrives as text and HTML, from the shop, with a key of its own', async () => {
    const { outbox } = await node();
    await outbox.queue([mail('A1')]);
    expect(await stateOf(outbox, 'A1')).toMatchObject({
      state: 'sent',
      via: 'smtp',
      content: null,
      tries: 1,
    });
    const [received] = peer.received;
    expect(received).toMatchObject({ from: 'shop@shop.example', to: 'a1@example.com' });
    const { raw } = received!;
    expect(header(raw, 'Subject')).toBe('订单 A1 (zh-CN)');
    expect(header(raw, 'From')).toBe(FROM);
    expect(header(raw, 'Message-ID')).toBe('<A1.placed@shop.example>');
    expect(header(raw, 'Auto-Submitted')).toBe('auto-generated');
    expect(part(raw, 'text/plain')).toContain('你好，A1');
    expect(part(raw, 'text/html')).toContain('<p>你好，A1</p>');
  });

  test('goes to one recipient, whatever its address looks like', async () => {
    const { outbox } = await node();
    await outbox.queue([mail('A2', "o'hara+x@example.com")]);
    await stateOf(outbox, 'A2');
    expect(peer.tried).toEqual(["o'hara+x@example.com"]);
  });

  test('is sent once by several processes, however often it is asked for', async () => {
    const nodes = await Promise.all([node(), node(), node()]);
    const orders = Array.from({ length: 25 }, (_item, index) => `B${index}`);
    await Promise.all(nodes.map(({ outbox }) => outbox.queue(orders.map((order) => mail(order)))));
    for (const { sender } of nodes) sender.wake();
    for (const order of orders) expect((await stateOf(nodes[0].outbox, order)).state).toBe('sent');
    expect(peer.received.map(({ to }) => to).sort()).toEqual(
      orders.map((order) => `${order.toLowerCase()}@example.com`).sort(),
    );
  });

  test('leaves nothing secret in the log, and no whole address', async () => {
    peer.answer((to) =>
      to.startsWith('bad') ? { code: 550 } : to.startsWith('busy') ? { code: 450 } : undefined,
    );
    const { outbox } = await node();
    await outbox.queue([mail('good1'), mail('bad1'), mail('busy1')]);
    for (const order of ['good1', 'bad1', 'busy1']) await stateOf(outbox, order);
    await until(
      () => lines.length,
      (count) => count >= 3,
    );
    const all = lines.join('');
    expect(all).toContain('g***@example.com');
    expect(all).toContain('"order":"bad1","kind":"placed"');
    for (const secret of [AUTH.pass, 'good1@', 'bad1@', 'busy1@', '你好']) expect(all).not.toContain(secret);
    expect(JSON.stringify(await outbox.latest(9))).not.toContain(AUTH.pass);
  });
});

describe('a failure', () => {
  test('that may pass is tried again when its time has come', async () => {
    peer.answer(() => (peer.tried.length === 1 ? { code: 451 } : undefined));
    const { outbox, sender } = await node();
    await outbox.queue([mail('C1')]);
    expect(await stateOf(outbox, 'C1')).toMatchObject({
      state: 'queued',
      reason: 'EENVELOPE RCPT TO 451',
      tries: 1,
    });
    clock.forward(29_000);
    expect(await outbox.claim()).toBeNull();
    clock.forward(2_000);
    sender.wake();
    const sent = await until(
      () => outbox.byId('C1:placed'),
      (found) => found?.state === 'sent',
    );
    expect(sent).toMatchObject({ tries: 2, reason: null });
    expect(peer.received.length).toBe(1);
  });

  test('that is final is not tried again', async () => {
    peer.answer((to) => (to.startsWith('d1') ? { code: 550 } : undefined));
    const { outbox, sender } = await node();
    await outbox.queue([mail('D1'), mail('D2')]);
    expect(await stateOf(outbox, 'D1')).toMatchObject({ state: 'failed', reason: 'EENVELOPE RCPT TO 550' });
    expect((await stateOf(outbox, 'D2')).state).toBe('sent');
    clock.forward(48 * 3_600_000);
    sender.wake();
    expect(await outbox.claim()).toBeNull();
    expect(peer.tried.filter((to) => to.startsWith('d1'))).toHaveLength(1);
  });

  test('of our own login is no fault of the mail', async () => {
    const wrong = peer.url.replace(AUTH.pass, 'wrong');
    const { outbox } = await node(mailTransport({ smtpUrl: wrong, mailFrom: FROM }));
    await outbox.queue([mail('E1')]);
    expect(await stateOf(outbox, 'E1')).toMatchObject({ state: 'queued', tries: 1 });
    expect(lines.join('')).not.toContain('wrong');
  });

  test('of a server that is not there loses nothing', async () => {
    const gone = peer.port;
    await peer.close();
    const { outbox } = await node(mailTransport({ smtpUrl: `smtp://127.0.0.1:${gone}`, mailFrom: FROM }));
    await outbox.queue([mail('F1')]);
    expect(await stateOf(outbox, 'F1')).toMatchObject({ state: 'queued', tries: 1 });
  });

  test('that lasts ends after the last try', async () => {
    peer.answer(() => ({ code: 450 }));
    const { outbox, sender } = await node();
    await outbox.queue([mail('G1')]);
    for (let tries = 1; tries <= 9; tries += 1) {
      await until(
        () => outbox.byId('G1:placed'),
        (found) => found?.tries === tries && found.state !== 'sending',
      );
      clock.forward(7 * 3_600_000);
      sender.wake();
    }
    expect(await outbox.byId('G1:placed')).toMatchObject({ state: 'failed', tries: 9 });
    expect(await outbox.claim()).toBeNull();
  });
});

describe('a sender', () => {
  test('has five letters under way and no more; one that hangs holds up no other', async () => {
    const { waiting, transport } = gate();
    const { outbox } = await node(transport);
    await outbox.queue(Array.from({ length: 8 }, (_item, index) => mail(`H${index}`)));
    await until(
      () => waiting.length,
      (count) => count === 5,
    );
    const started = new Set(waiting.map(({ id }) => id));
    expect(started.size).toBe(5);
    expect((await outbox.latest(20)).filter(({ state }) => state === 'sending')).toHaveLength(5);
    // The first never answers; all others come through beside it.
    const [hanging, ...others] = waiting;
    others.forEach(({ open }) => open({ outcome: 'sent' }));
    await until(
      () => waiting.length,
      (count) => count === 8,
    );
    waiting.slice(5).forEach(({ open }) => open({ outcome: 'sent' }));
    const sent = await until(
      async () => (await outbox.latest(20)).filter(({ state }) => state === 'sent').length,
      (count) => count === 7,
    );
    expect(sent).toBe(7);
    hanging!.open({ outcome: 'sent' });
  });

  test('that dies between claim and sent leaves its mail to another, when its claim has run out', async () => {
    const dead = createOutbox({ db, clock });
    await dead.prepare();
    await dead.queue([mail('I1')]);
    const claimed = await dead.claim();
    const { outbox, sender } = await node();
    sender.wake();
    expect(await outbox.claim()).toBeNull();
    expect(peer.received).toEqual([]);

    clock.forward(121_000);
    sender.wake();
    await until(
      () => outbox.byId('I1:placed'),
      (found) => found?.state === 'sent',
    );
    expect(peer.received).toHaveLength(1);
    // The dead one speaks after all: the mail is nobody's business of its any more.
    await dead.ended(claimed!, 'failed', 'late');
    expect(await outbox.byId('I1:placed')).toMatchObject({ state: 'sent', tries: 2 });
  });

  test('that is closed takes up nothing more', async () => {
    const { outbox, sender } = await node();
    await sender.close();
    await outbox.queue([mail('J1')]);
    sender.wake();
    expect(await outbox.byId('J1:placed')).toMatchObject({ state: 'queued', tries: 0 });
    expect(peer.tried).toEqual([]);
  });
});

test('what is long past is forgotten', async () => {
  const { outbox } = await node();
  await outbox.queue([mail('K1')]);
  await stateOf(outbox, 'K1');
  clock.forward(59 * 24 * 3_600_000);
  await outbox.removeOld();
  expect(await outbox.byId('K1:placed')).not.toBeNull();
  clock.forward(2 * 24 * 3_600_000);
  await outbox.removeOld();
  expect(await outbox.byId('K1:placed')).toBeNull();
});
