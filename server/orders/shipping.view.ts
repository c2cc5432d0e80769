import { PROVINCES, shortProvince } from '../accounts/index.ts';
import { money, toDecimalString } from '../platform/money.ts';
import type { Lang } from '../platform/lang.ts';
import type { ShippingVersion } from './shipping.model.ts';
import type { ShippingRate, ShippingTable } from './shipping.rules.ts';

export interface RateFields {
  firstGrams: string;
  firstFen: string;
  stepGrams: string;
  stepFen: string;
  surchargeFen: string;
}

/** A table as its form holds it: everything is text, so that what is wrong can come back as it was typed. */
export interface TableFields {
  zones: (RateFields & { provinces: string[] })[];
  rest: RateFields;
  refused: string[];
  freeOverFen: string;
}

const yuan = (fen: number) => toDecimalString(money(fen));

function rateFields(rate: ShippingRate): RateFields {
  return {
    firstGrams: String(rate.firstGrams),
    firstFen: yuan(rate.firstFen),
    stepGrams: String(rate.stepGrams),
    stepFen: yuan(rate.stepFen),
    surchargeFen: yuan(rate.surchargeFen),
  };
}

export function tableFields(table: ShippingTable): TableFields {
  return {
    zones: table.zones.map((zone) => ({ ...rateFields(zone), provinces: [...zone.provinces] })),
    rest: rateFields(table.rest),
    refused: [...table.refused],
    freeOverFen: table.freeOverFen === null ? '' : yuan(table.freeOverFen),
  };
}

export const EMPTY_RATE: RateFields = {
  firstGrams: '',
  firstFen: '',
  stepGrams: '',
  stepFen: '',
  surchargeFen: '',
};

function boxes(chosen: readonly string[], lang: Lang) {
  return PROVINCES.map((province) => ({
    value: province,
    label: shortProvince(province)[lang],
    chosen: chosen.includes(province),
  }));
}

const named = (provinces: readonly string[], lang: Lang) =>
  provinces.map((province) => shortProvince(province)[lang]).join(lang === 'en' ? ', ' : '、');

/** The form, with one empty zone after the last; `fields` are sentences by the path of the field. */
export function presentTable(fields: TableFields, errors: Record<string, string>, most: number, lang: Lang) {
  const zones =
    fields.zones.length < most ? [...fields.zones, { ...EMPTY_RATE, provinces: [] }] : fields.zones;
  const errorsOf = (path: string) => ({
    firstGrams: errors[`${path}.firstGrams`],
    firstFen: errors[`${path}.firstFen`],
    stepGrams: errors[`${path}.stepGrams`],
    stepFen: errors[`${path}.stepFen`],
    surchargeFen: errors[`${path}.surchargeFen`],
    provinces: errors[`${path}.provinces`],
  });
  return {
    zones: zones.map((zone, index) => ({
      prefix: `zones.${index}`,
      number: index + 1,
      isNew: index >= fields.zones.length,
      summary: named(zone.provinces, lang),
      rate: zone,
      boxes: boxes(zone.provinces, lang),
      errors: errorsOf(`zones.${index}`),
    })),
    zonesError: errors['zones'],
    rest: { prefix: 'rest', rate: fields.rest, errors: errorsOf('rest') },
    refused: { summary: named(fields.refused, lang), boxes: boxes(fields.refused, lang) },
    freeOverFen: fields.freeOverFen,
    freeOverError: errors['freeOverFen'],
  };
}

export function presentVersions(history: readonly ShippingVersion[]) {
  return history.map(({ version, at, byName }) => ({ version, at, by: byName }));
}

/** What the form sent, whatever it is, as fields. A zone without provinces and without numbers is no zone. */
export function fieldsFrom(body: unknown, most: number): TableFields {
  const from = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const text = (name: string) => (typeof from[name] === 'string' ? from[name].slice(0, 20) : '');
  const list = (name: string) => {
    const value = from[name];
    return (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');
  };
  const rate = (prefix: string): RateFields => ({
    firstGrams: text(`${prefix}.firstGrams`),
    firstFen: text(`${prefix}.firstFen`),
    stepGrams: text(`${prefix}.stepGrams`),
    stepFen: text(`${prefix}.stepFen`),
    surchargeFen: text(`${prefix}.surchargeFen`),
  });
  const zones = Array.from({ length: most }, (_item, index) => ({
    ...rate(`zones.${index}`),
    provinces: list(`zones.${index}.provinces`),
  }));
  return {
    zones: zones.filter(
      ({ provinces, ...numbers }) =>
        provinces.length > 0 || Object.values(numbers).some((value) => value !== ''),
    ),
    rest: rate('rest'),
    refused: list('refused'),
    freeOverFen: text('freeOverFen'),
  };
}
