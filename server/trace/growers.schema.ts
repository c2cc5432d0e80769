import { z } from 'zod';
import { NAME_SHOWN, PLOT_SHOWN } from './growers.rules.ts';

const text = (max: number) => z.string().trim().max(max, 'too_long').default('');
const degrees = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
    z.number().min(min).max(max),
  );

/** Hunan with a margin: a plot elsewhere is a slip of the finger. */
const LAT = [24, 31] as const;
const LNG = [108, 115] as const;

const fields = {
  nameZh: z.string().trim().min(1, 'required').max(60, 'too_long'),
  nameEn: text(80),
  nameShown: z.enum(NAME_SHOWN),
  plotZh: text(60),
  plotEn: text(80),
  townshipZh: z.string().trim().min(1, 'required').max(60, 'too_long'),
  townshipEn: text(80),
  lat: degrees(...LAT),
  lng: degrees(...LNG),
  mu: z.preprocess(
    (value) => (value === '' || value === undefined ? 0 : Number(value)),
    z.number().min(0).max(100_000),
  ),
  plotShown: z.enum(PLOT_SHOWN),
  wordsZh: text(500),
  wordsEn: text(800),
};

export const growerForm = z.strictObject({
  coop: z.string().max(80),
  /** A look at what strangers would see saves nothing. */
  act: z.enum(['save', 'preview']).default('save'),
  withoutPicture: z.literal('yes').optional(),
  ...fields,
});
export type GrowerFields = Omit<z.infer<typeof growerForm>, 'coop' | 'act' | 'withoutPicture'>;

export const growerId = z.string().regex(/^[a-z0-9]{20}$/);
