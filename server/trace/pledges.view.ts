import type { Lang } from '../platform/lang.ts';
import type { Translate } from '../platform/views/index.ts';
import { PLEDGE_BASES } from './pledges.rules.ts';
import type { Pledge } from './pledges.service.ts';

/** What the paper says. */
export function presentPledge(pledge: Pledge, lang: Lang, t: Translate) {
  return {
    code: pledge._id,
    href: `/pledges/${pledge._id}`,
    lot: pledge.code,
    product: pledge.product[lang],
    quantity: pledge.quantity,
    producer: pledge.producer,
    origin: pledge.origin,
    contact: pledge.contact,
    signer: pledge.signer,
    issuedOn: pledge.issuedOn,
    keepUntil: pledge.keepUntil,
    withdrawn: pledge.state === 'withdrawn',
    withdrawnAt: pledge.withdrawnAt,
    why: pledge.withdrawnWhy,
    bases: PLEDGE_BASES.map((key) => ({
      label: t(`pledges.basis.${key}`),
      chosen: pledge.bases.includes(key),
    })),
    basis: pledge.bases.map((key) => t(`pledges.basis.${key}`)),
  };
}

export function presentBases(chosen: readonly unknown[], t: Translate) {
  return PLEDGE_BASES.map((key) => ({ key, label: t(`pledges.basis.${key}`), chosen: chosen.includes(key) }));
}
