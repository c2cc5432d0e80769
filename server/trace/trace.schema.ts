import { z } from 'zod';

/** What may stand in `/trace/:code`: a little more than a code with its dashes and blanks. */
export const traceCode = z.string().min(1).max(60);

export const rootDay = z.iso.date();
export const rootLot = z.string().regex(/^[A-Z0-9-]{3,20}$/);
