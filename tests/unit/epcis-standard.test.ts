import { describe, expect, test } from 'vitest';
import { EPCIS_CONTEXT, eventOf, OWN_CONTEXT, type Happening } from '../../server/trace/epcis.rules.ts';
import { GENESIS } from '../../server/trace/chain.rules.ts';
import { gs1Faults } from '../support/gs1-schema.ts';

const at = new Date('2026-11-20T04:00:00Z');
const item = { gtin: '2900000000209', lot: 'HNY-500-A00' };
const units = [{ ...item, serial: '7K3M9P2Q4R8T6W5X' }];
const pieces = [{ ...item, qty: 12 }];
const place = 'urn:x-shanxiang:place:huifeng';
const said = {
  at,
  by: 'member',
  place,
  note: { 'zh-CN': '查过了', en: 'inspected' },
  pictures: ['media:a.1x1'],
};

const HAPPENINGS: Happening[] = [
  ...(['harvest', 'making', 'inspecting', 'sampling', 'storing', 'transporting'] as const).map((step) => ({
    ...{ ...said, key: `hand:${step}`, step, pieces },
  })),
  {
    ...{ ...said, key: 'lot:received', step: 'received', pieces },
    master: { bestBefore: '2028-01-01', madeOn: '2026-10-01', lot: item.lot },
  },
  { ...said, key: 'labelled', step: 'labelled', units },
  {
    ...{ ...said, key: 'made', step: 'transformed', pieces },
    inputs: [{ epcClass: 'urn:x-shanxiang:raw:honey', qty: 12.5, uom: 'KGM' }],
  },
  { ...said, key: 'cased', step: 'cased', units, carton: '376104250021234569' },
  { ...said, key: 'uncased', step: 'uncased', units, carton: '376104250021234569' },
  { ...said, key: 'packed', step: 'packed', units, pieces, cartons: ['376104250021234569'], parcel: 'P1' },
  { ...said, key: 'unpacked', step: 'unpacked', pieces: [item], parcel: 'P1' },
  { ...said, key: 'shipped', step: 'shipped', units, pieces, parcel: 'P1' },
  { at, by: 'orders', key: 'sold', step: 'sold', units, parcel: 'P1' },
  ...(['returned', 'blocked', 'unblocked', 'recalled', 'recall_ended'] as const).map((step) => ({
    ...{ ...said, key: step, step, pieces },
  })),
];

function documentOf(happenings: readonly Happening[]) {
  return {
    '@context': [EPCIS_CONTEXT, OWN_CONTEXT],
    id: 'urn:x-shanxiang:road:HNY-500-A00',
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: at.toISOString(),
    epcisBody: { eventList: happenings.map((one) => eventOf('lot', one, GENESIS, at)) },
  };
}

describe('by GS1’s own JSON Schema, valid is', () => {
  test.each(HAPPENINGS)('$step', (happening) => {
    expect(gs1Faults(documentOf([happening]))).toEqual([]);
  });

  test('a correction', () => {
    const wrong = eventOf('lot', HAPPENINGS[0]!, GENESIS, at);
    const correction: Happening = {
      ...{ key: 'wrong', step: 'corrected', at, by: 'member', note: '记错了' },
      ...{ corrects: wrong, reason: 'did_not_occur' },
    };
    expect(gs1Faults(documentOf([HAPPENINGS[0]!, correction]))).toEqual([]);
  });
});

test('GS1’s schema does refuse: an unknown step, a missing time, a word of our own without its prefix', () => {
  const whole = documentOf([HAPPENINGS[0]!]);
  const [event] = whole.epcisBody.eventList as [Record<string, unknown>];
  const { eventTime: _time, ...timeless } = event;
  for (const bad of [{ ...event, bizStep: 'smelling' }, timeless, { ...event, previous: 'x' }]) {
    expect(gs1Faults({ ...whole, epcisBody: { eventList: [bad] } })).not.toEqual([]);
  }
});
