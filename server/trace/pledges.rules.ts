/** What a pledge may rest on, as the ministry's form has it (农质发〔2021〕16号). */
export const PLEDGE_BASES = ['entrusted_test', 'own_test', 'internal_control', 'own_pledge'] as const;
export type PledgeBasis = (typeof PLEDGE_BASES)[number];

export const PLEDGE_STATES = ['issued', 'withdrawn'] as const;
export type PledgeState = (typeof PLEDGE_STATES)[number];

/** For how long records of pledges are kept, in years. */
export const KEPT_YEARS = 2;

/** The last day on which a record must still be there, ISO 8601. */
export function keptUntil(issuedOn: string): string {
  const [year = 0, month = 1, day = 1] = issuedOn.split('-').map(Number);
  return new Date(Date.UTC(year + KEPT_YEARS, month - 1, day)).toISOString().slice(0, 10);
}
