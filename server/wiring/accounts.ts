import {
  createAccounts,
  createAccountStore,
  createAddresses,
  createAddressStore,
} from '../accounts/index.ts';
import type { Ground } from './platform.ts';

export type AccountServices = ReturnType<typeof wireAccounts>;

export function wireAccounts({ config, db, bus, clock, secret }: Ground) {
  return {
    accounts: createAccounts({
      ...{ store: createAccountStore(db), bus, clock, secret },
      demoLogins: config.nodeEnv !== 'production',
    }),
    addresses: createAddresses({ store: createAddressStore(db), clock }),
  };
}
