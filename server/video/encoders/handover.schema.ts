import { z } from 'zod';
import { PLAY_TYPES } from './handover.rules.ts';

/** Addresses of one live; a player tries them in this order. */
export const PLAY_ROWS = 4;

const empty = (value: unknown) => (value === '' || value === undefined ? null : value);
const address = (protocol: RegExp) =>
  z.preprocess(empty, z.url({ protocol, error: 'address_shape' }).max(500, 'too_long').nullable());

const localTime = z.preprocess(
  empty,
  z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/, 'time_shape')
    .transform((text) => new Date(`${text}:00+08:00`))
    .refine((date) => !Number.isNaN(date.getTime()), 'time_shape')
    .nullable(),
);

const playType = z.enum(PLAY_TYPES).default('hls');
const playUrl = address(/^(https?|wss?)$/);

/** From the console's form: times are local time in China, empty fields are nothing. */
export const handoverForm = z
  .object({
    version: z.coerce.number().int().min(0),
    whip: address(/^https?$/),
    rtmp: address(/^rtmps?$/),
    token: z.preprocess(
      empty,
      z
        .string()
        .max(500, 'too_long')
        .regex(/^[\x21-\x7e]+$/, 'token_shape')
        .nullable(),
    ),
    forgetToken: z.literal('1').optional(),
    expiresAt: localTime,
    protectPlay: z.literal('1').optional(),
    ...{ playType0: playType, playUrl0: playUrl },
    ...{ playType1: playType, playUrl1: playUrl },
    ...{ playType2: playType, playUrl2: playUrl },
    ...{ playType3: playType, playUrl3: playUrl },
  })
  .transform(({ version, whip, rtmp, token, expiresAt, ...form }) => ({
    ...{ version, whip, rtmp, token, expiresAt },
    forgetToken: form.forgetToken === '1',
    protectPlay: form.protectPlay === '1',
    play: [
      { type: form.playType0, url: form.playUrl0 },
      { type: form.playType1, url: form.playUrl1 },
      { type: form.playType2, url: form.playUrl2 },
      { type: form.playType3, url: form.playUrl3 },
    ].flatMap(({ type, url }) => (url === null ? [] : [{ type, url }])),
  }));
export type HandoverForm = z.infer<typeof handoverForm>;

/** What MediaMTX posts (its documentation, "HTTP-based authentication"); it adds fields now and then. */
export const mediamtxQuestion = z.object({
  user: z.string().max(500).default(''),
  password: z.string().max(500).default(''),
  token: z.string().max(2_000).default(''),
  action: z.string().max(40),
  path: z.string().max(500).default(''),
  query: z.string().max(2_000).default(''),
});

/** What SRS posts (its documentation, "HTTP callback"). */
export const srsQuestion = z.object({
  action: z.string().max(40),
  stream: z.string().max(500),
  param: z.string().max(2_000).default(''),
});

/** When the key was made that the page showed, empty for none. */
export const renewForm = z.object({
  seen: z.preprocess(
    empty,
    z
      .string()
      .max(40)
      .transform((text) => new Date(text))
      .refine((date) => !Number.isNaN(date.getTime()), 'not_valid')
      .nullable(),
  ),
});
