import type { Request } from 'express';
import type { Accounts } from '../accounts/index.ts';
import type { Cooperative, Cooperatives } from '../cooperatives/index.ts';
import { toAppError } from '../platform/errors.ts';
import { fieldMessages } from '../platform/http/index.ts';
import type { Translator } from '../platform/views/index.ts';
import type { Member } from '../stock/index.ts';

/** What a form was refused for, and what was in it. */
export interface Refused {
  act: string;
  error: string;
  fields: Record<string, string>;
  values: Record<string, unknown>;
}

/** What the pages of the desk that are about lots and codes have in common. */
export function createMemberSide(deps: {
  cooperatives: Cooperatives;
  accounts: Accounts;
  translator: Translator;
}) {
  return {
    /** @throws AppError `not_signed_in`, `forbidden` */
    async whoIs(req: Request): Promise<{ desks: Cooperative[]; member: Member }> {
      const desks = await deps.cooperatives.desksOf(req.person);
      return { desks, member: { id: req.person!.id, cooperatives: desks.map(({ _id }) => _id) } };
    },

    async namesOf(ids: Iterable<string>): Promise<Map<string, string>> {
      const people = await Promise.all([...new Set(ids)].map((id) => deps.accounts.byId(id)));
      return new Map(people.flatMap((person) => (person ? [[person.id, person.name]] : [])));
    },

    /** A refused form comes back filled in, with what is wrong. @throws what is not the form's fault */
    refusalOf(req: Request, act: string, thrown: unknown): Refused {
      const error = toAppError(thrown);
      if (error.status >= 500 || error.status === 404 || error.status === 403 || error.status === 401)
        throw error;
      const t = deps.translator.for(req.lang);
      req.res?.status(error.status);
      return {
        act,
        error: t(`errors.${error.code}`),
        fields: fieldMessages(error.fields ?? {}, t, error.values),
        values: (req.body ?? {}) as Record<string, unknown>,
      };
    },
  };
}
