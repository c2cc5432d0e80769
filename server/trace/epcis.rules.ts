import type { Localized } from '../platform/lang.ts';
import { gtin14 } from './codes.rules.ts';
import { sha256, type Json } from './chain.rules.ts';

/** Canonical GS1 Digital Link URIs (EPCIS 2.0, 6.4): they stay the same when the shop moves to another address. */
const GS1 = 'https://id.gs1.org';

/** Words of our own, where the Core Business Vocabulary has none; declared in the documents' @context. */
export const OWN_CONTEXT = { sx: 'urn:x-shanxiang:epcis:' } as const;
export const EPCIS_CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

/** What a member may put on a lot's road, and the business step (CBV 2.0) that it is. */
export const STEPS = {
  harvest: 'collecting',
  making: 'creating_class_instance',
  inspecting: 'inspecting',
  sampling: 'sampling',
  storing: 'storing',
  transporting: 'transporting',
} as const;
export type Step = keyof typeof STEPS;
export const STEP_NAMES = Object.keys(STEPS) as Step[];

/** Steps that the shop itself puts there, out of what has happened. */
export const OWN_STEPS = [
  'received',
  'labelled',
  'cased',
  'uncased',
  'packed',
  'unpacked',
  'shipped',
  'sold',
  'returned',
  'voided',
  'blocked',
  'unblocked',
  'recalled',
  'recall_ended',
  'transformed',
  'corrected',
] as const;
export type RoadStep = Step | (typeof OWN_STEPS)[number];

export interface Item {
  gtin: string;
  lot: string;
}

export interface Pieces extends Item {
  /** Absent where it is not known or not said. */
  qty?: number;
  /** UN/ECE Recommendation 20; pieces when absent. */
  uom?: string;
}

/** What happened, before it is put into EPCIS's words. */
export interface Happening {
  /** What caused it; unique on its lot. */
  key: string;
  step: RoadStep;
  at: Date;
  /** Whose hand or which part of the shop recorded it. */
  by: string;
  /** Where it was, as a URI of ours. */
  place?: string | undefined;
  pieces?: readonly Pieces[];
  units?: readonly (Item & { serial: string })[];
  /** The box that they went into or travel in. */
  parcel?: string;
  /** The carton that they went into or came out of, by its SSCC. */
  carton?: string;
  /** Whole cartons in the box; what is in them was said when they were closed. */
  cartons?: readonly string[];
  /** Raw goods that became these pieces. */
  inputs?: readonly { epcClass: string; qty: number; uom: string }[];
  /** What the lot carries from its beginning: made on, best before. */
  master?: { bestBefore: string; madeOn: string; lot: string };
  /** In the words of whoever recorded it, or in every language of the shop. */
  note?: string | Localized;
  pictures?: readonly string[];
  /** The event that this one declares wrong, in whole. */
  corrects?: Json;
  reason?: 'did_not_occur' | 'incorrect_data';
}

export function unitUri({ gtin, lot, serial }: Item & { serial: string }): string {
  return `${GS1}/01/${gtin14(gtin)}/10/${lot}/21/${serial}`;
}

export function lotUri({ gtin, lot }: Item): string {
  return `${GS1}/01/${gtin14(gtin)}/10/${lot}`;
}

export const cartonUri = (sscc: string) => `${GS1}/00/${sscc}`;
export const placeUri = (slug: string) => `urn:x-shanxiang:place:${slug}`;
export const parcelUri = (code: string) => `urn:x-shanxiang:parcel:${code}`;

/** The same cause on the same lot has the same id, whoever records it: RFC 9562's version 8. */
export function eventId(lot: string, key: string): string {
  const hex = sha256(`event ${lot} ${key}`);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}

interface Meaning {
  bizStep: string;
  disposition?: string;
  action: 'ADD' | 'OBSERVE' | 'DELETE';
}

/** Business step and disposition of everything that the shop records (CBV 2.0, 7.1 and 7.2). */
const MEANING: Record<Exclude<RoadStep, Step | 'corrected'>, Meaning> = {
  received: { bizStep: 'commissioning', disposition: 'active', action: 'ADD' },
  labelled: { bizStep: 'encoding', disposition: 'encoded', action: 'OBSERVE' },
  transformed: { bizStep: 'creating_class_instance', disposition: 'active', action: 'ADD' },
  cased: { bizStep: 'packing', disposition: 'container_closed', action: 'ADD' },
  uncased: { bizStep: 'unpacking', disposition: 'container_open', action: 'DELETE' },
  packed: { bizStep: 'packing', disposition: 'container_closed', action: 'ADD' },
  unpacked: { bizStep: 'unpacking', disposition: 'in_progress', action: 'DELETE' },
  shipped: { bizStep: 'shipping', disposition: 'in_transit', action: 'OBSERVE' },
  sold: { bizStep: 'retail_selling', disposition: 'retail_sold', action: 'OBSERVE' },
  returned: { bizStep: 'receiving', disposition: 'returned', action: 'OBSERVE' },
  voided: { bizStep: 'decommissioning', disposition: 'inactive', action: 'DELETE' },
  blocked: { bizStep: 'holding', disposition: 'non_sellable_other', action: 'OBSERVE' },
  unblocked: { bizStep: 'stocking', disposition: 'sellable_accessible', action: 'OBSERVE' },
  recalled: { bizStep: 'holding', disposition: 'recalled', action: 'OBSERVE' },
  recall_ended: { bizStep: 'stocking', disposition: 'sellable_accessible', action: 'OBSERVE' },
};

type JsonObject = { readonly [name: string]: Json };

/** An EPCIS 2.0 event as JSON-LD. Times in the farms' zone, which has had no summer time since 1991. */
export function eventOf(lot: string, happening: Happening, previous: string, recorded: Date): JsonObject {
  const { key, step, by, corrects, reason } = happening;
  const base: JsonObject = {
    eventID: eventId(lot, key),
    eventTime: happening.at.toISOString(),
    eventTimeZoneOffset: '+08:00',
    recordTime: recorded.toISOString(),
    'sx:previous': previous,
    'sx:recordedBy': by,
    'sx:step': step,
    ...(happening.note ? { 'sx:note': happening.note } : {}),
    ...(happening.pictures?.length ? { 'sx:pictures': [...happening.pictures] } : {}),
    ...(happening.place ? { readPoint: { id: happening.place }, bizLocation: { id: happening.place } } : {}),
  };
  if (step === 'corrected')
    return correction(corrects, base, { reason: reason ?? 'incorrect_data', recorded });
  return { ...base, ...whatOf(happening) };
}

/** EPCIS 7.4.1.4: the wrong event again under its own id, word for word but for what belongs to the chain. */
function correction(
  wrong: Json | undefined,
  base: JsonObject,
  { reason, recorded }: { reason: string; recorded: Date },
): JsonObject {
  const errorDeclaration = {
    declarationTime: recorded.toISOString(),
    reason,
    correctiveEventIDs: [],
  };
  const { eventTime: _when, eventID: _own, ...chain } = base;
  const wrongId = (wrong as JsonObject)['eventID']!;
  return { ...(wrong as JsonObject), ...chain, 'sx:declaredWrong': wrongId, errorDeclaration };
}

function whatOf(happening: Happening): JsonObject {
  const { step, pieces = [], units = [], cartons = [], parcel, carton, inputs, master } = happening;
  const quantities = pieces.map(({ qty, uom, ...item }) => ({
    epcClass: lotUri(item),
    ...(qty === undefined ? {} : { quantity: qty }),
    ...(uom ? { uom } : {}),
  }));
  const epcs = [...cartons.map(cartonUri), ...units.map(unitUri)];
  if (step === 'transformed') {
    return {
      type: 'TransformationEvent',
      inputQuantityList: (inputs ?? []).map(({ epcClass, qty, uom }) => ({ epcClass, quantity: qty, uom })),
      outputQuantityList: quantities,
      bizStep: MEANING.transformed.bizStep,
      disposition: 'active',
    };
  }
  if (step === 'packed' || step === 'unpacked' || step === 'cased' || step === 'uncased') {
    const { action, bizStep, disposition } = MEANING[step];
    return {
      type: 'AggregationEvent',
      parentID: carton === undefined ? parcelUri(parcel ?? '') : cartonUri(carton),
      childEPCs: epcs,
      childQuantityList: quantities,
      action,
      bizStep,
      ...(disposition ? { disposition } : {}),
    };
  }
  const { action, bizStep, disposition } = meaningOf(step);
  const all = parcel === undefined ? epcs : [parcelUri(parcel), ...epcs];
  return {
    type: 'ObjectEvent',
    action,
    bizStep,
    ...(disposition ? { disposition } : {}),
    epcList: all,
    ...(quantities.length > 0 ? { quantityList: quantities } : {}),
    ...(master && action === 'ADD'
      ? {
          ilmd: {
            'cbvmda:lotNumber': master.lot,
            'cbvmda:bestBeforeDate': master.bestBefore,
            'sx:madeOn': master.madeOn,
          },
        }
      : {}),
  };
}

function meaningOf(step: RoadStep): Meaning {
  if (step in STEPS) return { bizStep: STEPS[step as Step], action: 'OBSERVE' };
  return MEANING[step as keyof typeof MEANING];
}

/** What the hash of the one before it is, as an event's text says. */
export function previousOf(body: string): string | undefined {
  const { 'sx:previous': previous } = JSON.parse(body) as Record<string, unknown>;
  return typeof previous === 'string' ? previous : undefined;
}
