import { z } from 'zod';
import { isSscc } from './sscc.rules.ts';
import { SHEET_NAMES } from './labels.rules.ts';

const commandId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/, 'click_id_shape');

export const ssccParam = z.string().refine(isSscc);
export const startCarton = z.strictObject({ commandId });
export const cartonPrint = z.strictObject({ sheet: z.enum(SHEET_NAMES) });
