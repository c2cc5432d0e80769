import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The figures of one process. A registry of its own, so that tests can run several apps side by side. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    httpSeconds: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time to answer, by method, route pattern and status',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    }),
    orders: new Counter({
      name: 'shop_orders_total',
      help: 'Orders by outcome (placed or the code of the refusal)',
      labelNames: ['outcome'],
      registers,
    }),
    auditDifferences: new Gauge({
      name: 'shop_audit_differences',
      help: 'Where ledger, balances, holds and orders did not agree at the last audit',
      registers,
    }),
    sockets: new Gauge({ name: 'live_sockets', help: 'Open Socket.IO connections', registers }),
    jobSeconds: new Histogram({
      name: 'job_duration_seconds',
      help: 'Time a job took, by name and result',
      labelNames: ['job', 'result'],
      buckets: [0.01, 0.1, 1, 10, 60],
      registers,
    }),
  };
}

export type Metrics = ReturnType<typeof createMetrics>;
