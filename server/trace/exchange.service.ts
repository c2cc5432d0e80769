import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Clock } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Catalog } from '../catalog/index.ts';
import type { Lot } from '../stock/index.ts';
import { canonical, GENESIS, sha256, type Json } from './chain.rules.ts';
import { EPCIS_CONTEXT, eventId, lotUri, OWN_CONTEXT } from './epcis.rules.ts';
import { EPCIS_SCHEMA } from './epcis-schema.rules.ts';
import type { Events } from './events.service.ts';
import type { EventStore } from './events.store.ts';

export type Exchange = ReturnType<typeof createExchange>;

type JsonObject = Record<string, Json>;

/** More events than these in one document are refused. */
const MOST_EVENTS = 2_000;

/** What is wrong with an imported document: where in it, and what. */
export interface ImportFault {
  at: string;
  what: string;
}

const ajv = new Ajv({ strict: false, allErrors: false });
addFormats.default(ajv);
const isDocument = ajv.compile(EPCIS_SCHEMA);

/** Roads as EPCIS 2.0 documents, out and in. */
export function createExchange(deps: { events: Events; store: EventStore; catalog: Catalog; clock: Clock }) {
  const { events, store, catalog, clock } = deps;

  return {
    /** A lot's whole road: for its desk, which also sees how much was sold. */
    async documentOf(lot: Pick<Lot, '_id' | 'code'>): Promise<JsonObject> {
      const road = await events.ofLot(lot._id);
      return {
        '@context': [EPCIS_CONTEXT, OWN_CONTEXT],
        id: `urn:x-shanxiang:road:${lot.code}`,
        type: 'EPCISDocument',
        schemaVersion: '2.0',
        creationDate: clock.now().toISOString(),
        epcisBody: { eventList: road.map(({ event }) => event) },
      };
    },

    /** What keeps a document from being a valid one of EPCIS 2.0; nothing when it is. */
    faultsOf(document: unknown): ImportFault[] {
      if (isDocument(document)) return [];
      return (isDocument.errors ?? []).map(({ instancePath, message }) => ({
        at: instancePath || '/',
        what: message ?? '',
      }));
    },

    /**
     * Puts the events of a valid document on a lot's chain that name the lot and are not there. What they say of their
     * place on another chain is kept as it is, under another name. All of them are looked at before any is written.
     *
     * @returns how many were new
     * @throws AppError `invalid` for no valid document, or one that names another lot
     */
    async importInto(lot: Lot, document: unknown, by: string): Promise<number> {
      if (this.faultsOf(document).length > 0)
        throw new AppError('invalid', { fields: { document: 'not_epcis' } });
      const { eventList, event } = (
        document as { epcisBody: { eventList?: JsonObject[]; event?: JsonObject } }
      ).epcisBody;
      const list = eventList ?? (event ? [event] : []);
      if (list.length > MOST_EVENTS) throw new AppError('too_large');
      const gtin = (await catalog.sellables([lot.sku])).get(lot.sku)?.variant.gtin ?? '';
      const uri = lotUri({ gtin, lot: lot.code });
      if (!allName(list, uri)) {
        throw new AppError('invalid', { fields: { document: 'other_lot_named' } });
      }
      const there = new Set((await events.ofLot(lot._id)).map(({ id }) => id));
      let fresh = 0;
      for (const one of list) {
        const id = one['eventID'];
        const isThere = typeof id === 'string' && there.has(id) && one['errorDeclaration'] === undefined;
        if (!isThere && (await append(lot._id, one, by))) fresh += 1;
      }
      return fresh;
    },
  };

  async function append(lot: string, foreign: JsonObject, by: string): Promise<boolean> {
    const id =
      typeof foreign['eventID'] === 'string' ? foreign['eventID'] : eventId(lot, sha256(canonical(foreign)));
    const key = `import:${sha256(`${id} ${canonical(foreign['errorDeclaration'] ?? null)}`)}`;
    for (;;) {
      if (await store.byKey(lot, key)) return false;
      const head = await store.head(lot);
      const { '@context': _context, 'sx:previous': claimed, ...rest } = foreign;
      const body = canonical({
        ...rest,
        eventID: id,
        recordTime: clock.now().toISOString(),
        'sx:previous': head?.hash ?? GENESIS,
        'sx:recordedBy': by,
        'sx:imported': true,
        ...(claimed === undefined ? {} : { 'sx:claimedPrevious': claimed }),
      });
      const seq = (head?.seq ?? 0) + 1;
      if (await store.append({ _id: `${lot}:${seq}`, lot, seq, key, body, hash: sha256(body) })) return true;
    }
  }
}

/** Whether every event is about a lot. What its units went into stands for them from then on. */
function allName(list: readonly JsonObject[], lot: string): boolean {
  const containers = new Set<string>();
  return list.every((event) => {
    const isNamed = names(event, lot, containers);
    const parent = event['parentID'];
    if (isNamed && typeof parent === 'string') containers.add(parent);
    return isNamed;
  });
}

/** Whether a lot's class, a unit of it, or something that holds such units stands in an event. */
function names(event: JsonObject, lot: string, containers: ReadonlySet<string>): boolean {
  const lists = ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList'];
  const classes = ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList'];
  const uris = [
    ...lists.flatMap((name) => (event[name] as string[] | undefined) ?? []),
    ...classes.flatMap((name) =>
      ((event[name] as { epcClass: string }[] | undefined) ?? []).map(({ epcClass }) => epcClass),
    ),
  ];
  return uris.some((uri) => uri === lot || uri.startsWith(`${lot}/`) || containers.has(uri));
}
