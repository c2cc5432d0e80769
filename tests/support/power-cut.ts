/** What a write is answered with once there is no power. */
export class PowerCut extends Error {}

/** Every write of a store by name; reads go through. */
const WRITES: ReadonlySet<string> = new Set([
  ...['begin', 'insertOrders', 'bury', 'forget', 'forgetBuried', 'move', 'settle'],
  ...['addRefund', 'finishRefund', 'failRefund'],
  ...['take', 'record', 'seal', 'archive', 'forgetMove'],
  ...['insertUse', 'removeUses', 'claim', 'claimAgain', 'giveBack'],
  ...['addEntries', 'writeList', 'addAwards', 'setAwarded', 'finish', 'endAward'],
  ...['hold', 'free', 'give', 'setDrops', 'insert'],
]);

/** Lets so many writes through, then nothing any more: the process is dead, in the middle of what it was doing. */
export function supply(writes: number) {
  let left = writes;
  return {
    wire<T extends object>(store: T): T {
      return new Proxy(store, {
        get(target, name) {
          const value = Reflect.get(target, name) as unknown;
          if (typeof value !== 'function' || !WRITES.has(String(name))) return value;
          return (...args: unknown[]) => {
            if (left <= 0) return Promise.reject(new PowerCut(String(name)));
            left -= 1;
            return Reflect.apply(value, target, args) as unknown;
          };
        },
      });
    },
    get isCut() {
      return left <= 0;
    },
  };
}

/** At the first write of that name something else happens; it is told how to go on with the write. */
export function stoppedAt(name: string, meanwhile: (write: () => Promise<unknown>) => Promise<unknown>) {
  let isDue = true;
  return {
    wire<T extends object>(store: T): T {
      return new Proxy(store, {
        get(target, property) {
          const value = Reflect.get(target, property) as unknown;
          if (property !== name || typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            const write = () => Reflect.apply(value, target, args) as Promise<unknown>;
            if (!isDue) return write();
            isDue = false;
            return meanwhile(write);
          };
        },
      });
    },
  };
}
