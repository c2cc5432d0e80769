import { z } from 'zod';
import { sku } from '../catalog/index.ts';
import { SOURCES, TAPS } from './figures.rules.ts';

const liveId = z.string().regex(/^[0-9A-Za-z-]{3,64}$/);
export const liveParam = liveId;

export const cameCommand = z.strictObject({ liveId, from: z.enum(SOURCES) });
export const tapCommand = z.strictObject({ liveId, sku, what: z.enum(TAPS) });

export const reportTable = z.enum(['products', 'hosts', 'minutes']);
export type ReportTable = z.infer<typeof reportTable>;
