import { describe, expect, test, vi } from 'vitest';
import { createBus } from '../../server/platform/bus.ts';
import type { Log } from '../../server/platform/log.ts';

function quietBus() {
  const error = vi.fn();
  return { bus: createBus({ error } as unknown as Log), error };
}

const FACT = { slugs: ['honey'] };

describe('the bus', () => {
  test('tells every listener of that fact and no other', () => {
    const { bus } = quietBus();
    const [one, two, other] = [vi.fn(), vi.fn(), vi.fn()];
    bus.on('catalog.changed', one);
    bus.on('catalog.changed', two);
    bus.on('stock.changed', other);
    bus.tell('catalog.changed', FACT);
    expect(one).toHaveBeenCalledExactlyOnceWith(FACT);
    expect(two).toHaveBeenCalledExactlyOnceWith(FACT);
    expect(other).not.toHaveBeenCalled();
  });

  test('tells nobody who has stopped listening', () => {
    const { bus } = quietBus();
    const listener = vi.fn();
    const stop = bus.on('catalog.changed', listener);
    stop();
    bus.tell('catalog.changed', FACT);
    expect(listener).not.toHaveBeenCalled();
  });

  test('lets a listener fail without harm to the teller or the next listener, and logs it', async () => {
    const { bus, error } = quietBus();
    const broken = new Error('broken');
    const next = vi.fn();
    bus.on('catalog.changed', () => {
      throw broken;
    });
    bus.on('catalog.changed', () => Promise.reject(broken));
    bus.on('catalog.changed', next);
    expect(() => bus.tell('catalog.changed', FACT)).not.toThrow();
    expect(next).toHaveBeenCalledOnce();
    await bus.idle();
    expect(error).toHaveBeenCalledTimes(2);
    expect(error.mock.calls[0]?.[0]).toEqual({ err: broken, fact: 'catalog.changed' });
  });

  test('is idle when all listeners are done, those that were called meanwhile included', async () => {
    const { bus } = quietBus();
    const done: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    bus.on('catalog.changed', async () => {
      await held;
      bus.tell('stock.changed', { skus: [] });
      done.push('first');
    });
    bus.on('stock.changed', async () => {
      await Promise.resolve();
      done.push('second');
    });
    bus.tell('catalog.changed', FACT);
    const idle = bus.idle().then(() => done.push('idle'));
    release();
    await idle;
    expect(done).toEqual(['first', 'second', 'idle']);
  });
});
