/**
 * The JSON binding of EPCIS 2.0 (GS1 EPCIS and CBV 2.0, 2022; ISO/IEC 19987) as a JSON Schema, written from the
 * standard: required members, value lists of the Core Business Vocabulary, which members an event may have, and that
 * anything else is an extension whose name holds a colon. Draft 7.
 */
const uri = { type: 'string', format: 'uri-reference', pattern: '^[A-Za-z][A-Za-z0-9+.-]*:\\S+$' } as const;
const time = { type: 'string', format: 'date-time' } as const;
const listOf = (items: object) => ({ type: 'array', items }) as const;
const oneOf = (...words: string[]) => ({ anyOf: [uri, { enum: words }] }) as const;

const BIZ_STEPS = [
  ...['accepting', 'arriving', 'assembling', 'collecting', 'commissioning', 'consigning'],
  ...[
    'creating_class_instance',
    'cycle_counting',
    'decommissioning',
    'departing',
    'destroying',
    'disassembling',
  ],
  ...[
    'dispensing',
    'encoding',
    'entering_exiting',
    'holding',
    'inspecting',
    'installing',
    'killing',
    'loading',
  ],
  ...[
    'other',
    'packing',
    'picking',
    'receiving',
    'removing',
    'repackaging',
    'repairing',
    'replacing',
    'reserving',
  ],
  ...[
    'retail_selling',
    'sampling',
    'sensor_reporting',
    'shipping',
    'staging_outbound',
    'stock_taking',
    'stocking',
  ],
  ...['storing', 'transporting', 'unloading', 'unpacking', 'void_shipping'],
];

const DISPOSITIONS = [
  ...[
    'active',
    'available',
    'completeness_inferred',
    'completeness_verified',
    'conformant',
    'container_closed',
  ],
  ...['container_open', 'damaged', 'destroyed', 'dispensed', 'disposed', 'encoded', 'expired', 'in_progress'],
  ...[
    'in_transit',
    'inactive',
    'mismatch_class',
    'mismatch_instance',
    'mismatch_quantity',
    'needs_replacement',
  ],
  ...[
    'no_pedigree_match',
    'non_conformant',
    'non_sellable_other',
    'partially_dispensed',
    'recalled',
    'reserved',
  ],
  ...['retail_sold', 'returned', 'sellable_accessible', 'sellable_not_accessible', 'stolen', 'unavailable'],
  'unknown',
];

const TRANSACTIONS = [
  ...[
    'bol',
    'cert',
    'desadv',
    'inv',
    'pedigree',
    'po',
    'poc',
    'prodorder',
    'recadv',
    'rma',
    'testprd',
    'testres',
  ],
];

const partyOrPlace = oneOf('owning_party', 'possessing_party', 'location');
const context = {
  anyOf: [
    uri,
    { type: 'object' },
    { type: 'array', uniqueItems: true, items: { anyOf: [uri, { type: 'object' }] } },
  ],
};

const definitions = {
  quantity: {
    type: 'object',
    properties: {
      epcClass: uri,
      quantity: { type: 'number' },
      uom: { type: 'string', pattern: '^[A-Z0-9]{2,3}$' },
    },
    required: ['epcClass'],
    dependencies: { uom: ['quantity'] },
    additionalProperties: false,
  },
  place: {
    type: 'object',
    properties: { id: uri },
    required: ['id'],
    propertyNames: { anyOf: [{ const: 'id' }, { pattern: ':' }] },
  },
  transaction: {
    type: 'object',
    properties: { type: oneOf(...TRANSACTIONS), bizTransaction: uri },
    required: ['bizTransaction'],
    additionalProperties: false,
  },
  source: {
    type: 'object',
    properties: { type: partyOrPlace, source: uri },
    required: ['type', 'source'],
    additionalProperties: false,
  },
  destination: {
    type: 'object',
    properties: { type: partyOrPlace, destination: uri },
    required: ['type', 'destination'],
    additionalProperties: false,
  },
  errorDeclaration: {
    type: 'object',
    properties: {
      declarationTime: time,
      reason: oneOf('did_not_occur', 'incorrect_data'),
      correctiveEventIDs: listOf(uri),
    },
    required: ['declarationTime'],
    propertyNames: {
      anyOf: [{ enum: ['declarationTime', 'reason', 'correctiveEventIDs'] }, { pattern: ':' }],
    },
  },
  persistentDisposition: {
    type: 'object',
    properties: { set: listOf(oneOf(...DISPOSITIONS)), unset: listOf(oneOf(...DISPOSITIONS)) },
    additionalProperties: false,
  },
  sensorElement: {
    type: 'object',
    properties: { sensorMetadata: { type: 'object' }, sensorReport: listOf({ type: 'object' }) },
    required: ['sensorReport'],
  },
  ilmd: { type: 'object', propertyNames: { pattern: ':' } },
};

const ref = (name: keyof typeof definitions) => ({ $ref: `#/definitions/${name}` });

const common = {
  '@context': context,
  type: { type: 'string' },
  eventTime: time,
  recordTime: time,
  eventTimeZoneOffset: { type: 'string', pattern: '^([+]|[-])((0[0-9]|1[0-3]):([0-5][0-9])|14:00)$' },
  eventID: uri,
  certificationInfo: { anyOf: [uri, listOf(uri)] },
  errorDeclaration: ref('errorDeclaration'),
};

const business = {
  bizStep: oneOf(...BIZ_STEPS),
  disposition: oneOf(...DISPOSITIONS),
  persistentDisposition: ref('persistentDisposition'),
  readPoint: ref('place'),
  bizLocation: ref('place'),
  bizTransactionList: listOf(ref('transaction')),
  sourceList: listOf(ref('source')),
  destinationList: listOf(ref('destination')),
  sensorElementList: listOf(ref('sensorElement')),
};

const action = { enum: ['ADD', 'OBSERVE', 'DELETE'] };
const epcs = listOf(uri);
const quantities = listOf(ref('quantity'));

function eventOf(type: string, own: Record<string, object>, more: object = {}) {
  const properties = { ...common, ...business, ...own, type: { const: type } };
  return {
    type: 'object',
    properties,
    propertyNames: { anyOf: [{ enum: Object.keys(properties) }, { pattern: ':' }] },
    ...more,
  };
}

const base = ['type', 'eventTime', 'eventTimeZoneOffset'];
const some = (...names: string[]) => names.map((name) => ({ required: [name] }));
/** Master data of instances and lots only where they begin to be (7.4.2). */
const ilmdOnlyOnAdd = {
  if: { required: ['ilmd'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { properties: { action: { const: 'ADD' } } },
};

const events = {
  ObjectEvent: eventOf(
    'ObjectEvent',
    { action, epcList: epcs, quantityList: quantities, ilmd: ref('ilmd') },
    {
      required: [...base, 'action'],
      anyOf: [...some('epcList', 'quantityList'), { required: ['sensorElementList', 'readPoint'] }],
      ...ilmdOnlyOnAdd,
    },
  ),
  AggregationEvent: eventOf(
    'AggregationEvent',
    { action, parentID: uri, childEPCs: epcs, childQuantityList: quantities },
    {
      required: [...base, 'action'],
      // A parent may be left out only where all its children are taken out (7.4.3).
      if: { properties: { action: { enum: ['ADD', 'DELETE'] } } },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { anyOf: [{ required: ['parentID'] }] },
    },
  ),
  AssociationEvent: eventOf(
    'AssociationEvent',
    { action, parentID: uri, childEPCs: epcs, childQuantityList: quantities },
    { required: [...base, 'action', 'parentID'] },
  ),
  TransactionEvent: eventOf(
    'TransactionEvent',
    { action, parentID: uri, epcList: epcs, quantityList: quantities },
    { required: [...base, 'action', 'bizTransactionList'] },
  ),
  TransformationEvent: eventOf(
    'TransformationEvent',
    {
      transformationID: uri,
      inputEPCList: epcs,
      inputQuantityList: quantities,
      outputEPCList: epcs,
      outputQuantityList: quantities,
      ilmd: ref('ilmd'),
    },
    {
      required: base,
      anyOf: [
        { required: ['transformationID'] },
        {
          allOf: [
            { anyOf: some('inputEPCList', 'inputQuantityList') },
            { anyOf: some('outputEPCList', 'outputQuantityList') },
          ],
        },
      ],
    },
  ),
};

/** An event chosen by its type; the type of an extension is a URI. */
const anyEvent = {
  type: 'object',
  required: ['type'],
  allOf: [
    ...Object.entries(events).map(([type, then]) => ({
      if: { properties: { type: { const: type } } },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then,
    })),
    {
      if: { not: { properties: { type: { enum: Object.keys(events) } } } },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { properties: { type: uri }, required: base },
    },
  ],
};

/** A whole EPCISDocument. */
export const EPCIS_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  definitions,
  properties: {
    '@context': context,
    id: uri,
    type: { const: 'EPCISDocument' },
    schemaVersion: { type: 'string', pattern: '^2(\\.\\d+)+$' },
    creationDate: time,
    epcisHeader: { type: 'object' },
    epcisBody: {
      type: 'object',
      properties: { eventList: { type: 'array', items: anyEvent }, event: anyEvent },
      oneOf: some('eventList', 'event'),
      propertyNames: { anyOf: [{ enum: ['eventList', 'event'] }, { pattern: ':' }] },
    },
  },
  required: ['@context', 'type', 'schemaVersion', 'creationDate', 'epcisBody'],
  propertyNames: {
    anyOf: [
      { enum: ['@context', 'id', 'type', 'schemaVersion', 'creationDate', 'epcisHeader', 'epcisBody'] },
      { pattern: ':' },
    ],
  },
} as const;
