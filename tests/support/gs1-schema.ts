import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const SCHEMA = new URL('./fixtures/gs1/EPCIS-JSON-Schema.json', import.meta.url);

let compiled: ReturnType<typeof compile> | undefined;

function compile() {
  const ajv = new Ajv({ strict: false, allErrors: true });
  addFormats.default(ajv);
  return ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
}

/** GS1's own JSON Schema of EPCIS 2.0: what it finds wrong with a document, nothing when it is valid. */
export function gs1Faults(document: unknown): string[] {
  compiled ??= compile();
  const isValid = compiled;
  isValid(document);
  return (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
