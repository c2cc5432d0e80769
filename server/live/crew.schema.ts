import { z } from 'zod';
import { RIGHTS } from './crew.rules.ts';
import { liveId } from './live.schema.ts';

export const memberId = z.string().regex(/^[0-9A-Za-z]{6,40}$/);

const rights = z
  .preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(z.enum(RIGHTS)).min(1, 'nothing_chosen').max(RIGHTS.length),
  )
  .transform((chosen) => [...new Set(chosen)]);

/** An account by its login. */
export const inviteForm = z.strictObject({ login: z.string().trim().min(3, 'required').max(120), rights });
export const rightsForm = z.strictObject({ rights });

export const offerRelayCommand = z.strictObject({
  liveId,
  /** A member's id, or `owner`; left out: whoever may take over and is first. */
  to: z.union([z.literal('owner'), memberId]).optional(),
});
export const relayRef = z.strictObject({ liveId, handoverId: memberId });
