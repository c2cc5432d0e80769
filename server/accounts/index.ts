export { hasRole, mustBeSignedIn, mustBeSomebody, mustHaveRole, requireRole } from './accounts.policy.ts';
export { accountRoutes, identify, personOf, safeNext, welcomeGuest } from './accounts.routes.ts';
export { guestPerson, type Person, type Role } from './accounts.rules.ts';
export { createAccounts, type Accounts } from './accounts.service.ts';
export { createAccountStore } from './accounts.store.ts';
export { presentMe } from './accounts.view.ts';
export { accountJobs } from './accounts.jobs.ts';
export { logInCommand, registerCommand } from './accounts.schema.ts';
