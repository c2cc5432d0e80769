import express, { type Express, type Request } from 'express';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { inject } from 'vitest';
import {
  cashierApi,
  cashierKeys,
  createCashier,
  createCashierStore,
  createGateway,
  createInboxStore,
  createPayments,
  createPaymentStore,
  paymentWebhook,
  WEBHOOK_PATH,
  type Cashier,
  type PaymentEvent,
  type Payments,
} from '../../server/payments/index.ts';
import { connectDatabase, ensureIndexes, type Database } from '../../server/platform/db/index.ts';
import { AppError } from '../../server/platform/errors.ts';
import { newCode, newId } from '../../server/platform/ids.ts';
import { money } from '../../server/platform/money.ts';
import { until } from './client.ts';
import { inDatabase, movableClock } from './shop.ts';

/** How a request to the peer goes wrong: before it is carried out, or when it is done but the answer is lost. */
export type Mishap = 'status_500' | 'hang' | 'drop_before' | 'drop_after';

export interface PaymentsHouse {
  payments: Payments;
  cashier: Cashier;
  db: Database;
  clock: ReturnType<typeof movableClock>;
  keys: { apiKey: string; webhookSecret: string };
  /** Where the webhook is, and where the peer's API is. */
  webhookUrl: string;
  peerUrl: string;
  /** What the handler was told, in that order. */
  told: PaymentEvent[];
  /** The same, of one payment. */
  toldOf(ref: string): PaymentEvent[];
  /** Every request that the peer got, as `POST /v1/refunds`. */
  asked: string[];
  /** Every event that was posted to the webhook, as `<type> <object id>`. */
  arrived: string[];
  /** What the log was told, as text. */
  logged: () => string;
  /** The next requests to the peer whose line matches go wrong. */
  spoil(line: RegExp, mishap: Mishap, times?: number): void;
  /** Nothing goes wrong any more, and what was under way has ended. */
  calm(): Promise<void>;
  /** While false, the webhook answers 503 and takes nothing in. */
  listening: boolean;
  /** Makes the next so many calls of the handler fail. */
  failHandler(times: number): void;
  /** Another process on the same data: its own gateway and inbox, the same handler's list. */
  another(options?: { handles?: boolean | 'forever' }): Payments;
  /** A payment that is open, for so many fen. */
  open(fen: number): Promise<{ ref: string; intentId: string }>;
  /** One that was paid, and the handler knows. */
  paid(fen: number, method?: string): Promise<{ ref: string; intentId: string }>;
  /** Waits until something is so, while the courier goes on trying as its job does in a shop. */
  until<T>(look: () => T | Promise<T>, is: (value: T) => boolean): Promise<T>;
  /** Everything that is under way has arrived. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Payments and their peer, each behind HTTP of its own, without the shop around them. */
export async function openPaymentsHouse(): Promise<PaymentsHouse> {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  const db = await connectDatabase(inDatabase(inject('engineUri'), `pay_${newId().slice(0, 12)}`), log);
  const clock = movableClock();
  const keys = cashierKeys(newId());
  const cashier = createCashier({ store: createCashierStore(db), clock, log, ...keys });
  const told: PaymentEvent[] = [];
  const asked: string[] = [];
  const spoiled: { line: RegExp; mishap: Mishap; times: number }[] = [];
  let failures = 0;
  let working = 0;

  /** Counts what the peer works on: it goes on when its caller has given up. */
  function atWork(res: express.Response, send: express.Response['send']) {
    working += 1;
    res.send = (body) => {
      res.send = send;
      working -= 1;
      return send(body);
    };
  }

  function newPayments(handles: boolean | 'forever' = true): Payments {
    const payments = createPayments({
      store: createPaymentStore(db),
      inbox: createInboxStore(db),
      gateway: createGateway({ ...keys, timeoutMs: 300 }),
      clock,
      log,
      browser: { kind: 'cashier' },
    });
    if (!handles) return payments;
    payments.handle(async (event) => {
      if (handles === 'forever') await new Promise(() => {});
      if (failures > 0) {
        failures -= 1;
        throw new Error('the handler fails');
      }
      told.push(event);
    });
    return payments;
  }
  const payments = newPayments();
  await ensureIndexes(db);

  const peer = await listen(
    express()
      .use((req, res, next) => {
        const line = `${req.method} ${req.path}`;
        asked.push(line);
        const mishap = nextMishap(spoiled, line);
        if (mishap === undefined) {
          atWork(res, res.send.bind(res));
          return next();
        }
        if (mishap === 'hang') return; // the caller gives up
        if (mishap === 'drop_before') return void req.socket.destroy();
        if (mishap === 'status_500') {
          return void res.status(500).json({ error: { type: 'api_error', message: 'An error occurred.' } });
        }
        // Carried out, but the answer never arrives.
        atWork(res, () => {
          req.socket.destroy();
          return res;
        });
        next();
      })
      .use(cashierApi(cashier)),
  );
  const house: PaymentsHouse = {
    payments,
    cashier,
    db,
    clock,
    keys,
    webhookUrl: '',
    peerUrl: peer.url,
    told,
    toldOf: (ref) => told.filter((event) => event.ref === ref),
    asked,
    arrived: [],
    logged: () => lines.join(''),
    spoil: (line, mishap, times = 1) => void spoiled.push({ line, mishap, times }),
    async calm() {
      spoiled.splice(0);
      await house.settled();
    },
    listening: true,
    failHandler: (times) => void (failures = times),
    another({ handles = true } = {}) {
      const other = newPayments(handles);
      other.connect(peer.url);
      return other;
    },
    async open(fen) {
      const ref = newCode();
      const request = { ref, amount: money(fen), description: 'try', returnUrl: `/orders/${ref}` };
      const { intentId } = await payments.open(request);
      return { ref, intentId };
    },
    async paid(fen, method = 'pm_card_visa') {
      const opened = await house.open(fen);
      await cashier.confirmIntent(opened.intentId, method);
      await house.until(
        () => house.toldOf(opened.ref).map(({ kind }) => kind),
        (kinds) => kinds.includes('succeeded'),
      );
      return opened;
    },
    until: (look, is) =>
      until(async () => {
        await cashier.deliverDue();
        return look();
      }, is),
    async settled() {
      await until(
        () => working,
        (count) => count === 0,
      );
      await cashier.idle();
      await payments.idle();
    },
    async close() {
      await cashier.stop();
      await payments.idle();
      await Promise.all([peer.close(), shop.close()]);
      await db.dropDatabase();
      await db.close();
    },
  };
  const shop = await listen(webhookApp(house));
  house.webhookUrl = shop.url + WEBHOOK_PATH;
  cashier.connect(house.webhookUrl);
  payments.connect(peer.url);
  return house;
}

function webhookApp(house: PaymentsHouse): Express {
  const app = express();
  app.use((_req, res, next) => (house.listening ? next() : void res.status(503).end()));
  app.use((req, _res, next) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => house.arrived.push(lineOf(Buffer.concat(chunks).toString())));
    next();
  });
  app.use(paymentWebhook(house.payments));
  app.use(
    (error: unknown, _req: Request, res: express.Response, _next: express.NextFunction) =>
      void res
        .status(error instanceof AppError ? error.status : 500)
        .json({ error: { code: String(error) } }),
  );
  return app;
}

function lineOf(body: string): string {
  try {
    const event = JSON.parse(body) as { type: string; data: { object: { id: string } } };
    return `${event.type} ${event.data.object.id}`;
  } catch {
    return 'nonsense';
  }
}

function nextMishap(
  spoiled: { line: RegExp; mishap: Mishap; times: number }[],
  line: string,
): Mishap | undefined {
  const found = spoiled.find((one) => one.times > 0 && one.line.test(line));
  if (found) found.times -= 1;
  return found?.mishap;
}

async function listen(app: Express): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer(app);
  // Longer than any test: a connection that closes just as a request sets out would be one more mishap.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
