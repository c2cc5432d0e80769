/**
 * AMF0, the notation of RTMP's commands (Adobe, "Action Message Format, AMF 0", 2007): what publishers say and are
 * told. Everything is bounded, as it comes from strangers.
 */

export type AmfValue = number | boolean | string | null | AmfValue[] | Map<string, AmfValue>;

const MAX_DEPTH = 6;
const MAX_ENTRIES = 128;
const MAX_VALUES = 16;

interface Read<T> {
  value: T;
  /** Where the next value begins. */
  next: number;
}

/** All values of a message, or undefined for what is not AMF0. */
export function decodeAmf0(bytes: Uint8Array): AmfValue[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: AmfValue[] = [];
  for (let at = 0; at < bytes.length;) {
    if (values.length === MAX_VALUES) return undefined;
    const read = readValue(view, at, 0);
    if (!read) return undefined;
    values.push(read.value);
    at = read.next;
  }
  return values;
}

function readValue(view: DataView, at: number, depth: number): Read<AmfValue> | undefined {
  if (at >= view.byteLength || depth > MAX_DEPTH) return undefined;
  const next = at + 1;
  switch (view.getUint8(at)) {
    case 0x00:
      return next + 8 <= view.byteLength ? { value: view.getFloat64(next), next: next + 8 } : undefined;
    case 0x01:
      return next < view.byteLength ? { value: view.getUint8(next) !== 0, next: next + 1 } : undefined;
    case 0x02:
      return readText(view, next, 2);
    case 0x03:
      return readEntries(view, next, depth);
    case 0x05:
    case 0x06:
      return { value: null, next };
    case 0x08:
      return readEntries(view, next + 4, depth);
    case 0x0a:
      return readList(view, next, depth);
    case 0x0b:
      return next + 10 <= view.byteLength ? { value: view.getFloat64(next), next: next + 10 } : undefined;
    case 0x0c:
      return readText(view, next, 4);
    default:
      return undefined;
  }
}

function readText(view: DataView, at: number, lengthBytes: 2 | 4): Read<string> | undefined {
  const start = at + lengthBytes;
  if (start > view.byteLength) return undefined;
  const length = lengthBytes === 2 ? view.getUint16(at) : view.getUint32(at);
  if (start + length > view.byteLength) return undefined;
  const bytes = new Uint8Array(view.buffer, view.byteOffset + start, length);
  return { value: new TextDecoder().decode(bytes), next: start + length };
}

/** Names and values up to the empty name with the end mark. */
function readEntries(view: DataView, start: number, depth: number): Read<Map<string, AmfValue>> | undefined {
  const value = new Map<string, AmfValue>();
  for (let at = start; value.size <= MAX_ENTRIES;) {
    const name = readText(view, at, 2);
    if (!name || name.next >= view.byteLength) return undefined;
    if (name.value === '' && view.getUint8(name.next) === 0x09) return { value, next: name.next + 1 };
    const entry = readValue(view, name.next, depth + 1);
    if (!entry) return undefined;
    value.set(name.value, entry.value);
    at = entry.next;
  }
  return undefined;
}

function readList(view: DataView, start: number, depth: number): Read<AmfValue[]> | undefined {
  if (start + 4 > view.byteLength) return undefined;
  const count = view.getUint32(start);
  if (count > MAX_ENTRIES) return undefined;
  const value: AmfValue[] = [];
  let at = start + 4;
  while (value.length < count) {
    const entry = readValue(view, at, depth + 1);
    if (!entry) return undefined;
    value.push(entry.value);
    at = entry.next;
  }
  return { value, next: at };
}

/** What we say ourselves: numbers, words, nothing, and flat objects of these. */
export type AmfWord = number | boolean | string | null | Record<string, number | string>;

export function encodeAmf0(values: readonly AmfWord[]): Uint8Array {
  return Buffer.concat(values.map(encodeValue));
}

function encodeValue(value: AmfWord): Buffer {
  if (value === null) return Buffer.of(0x05);
  if (typeof value === 'boolean') return Buffer.of(0x01, value ? 1 : 0);
  if (typeof value === 'string') return Buffer.concat([Buffer.of(0x02), encodeText(value)]);
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    return bytes;
  }
  const entries = Object.entries(value).map(([name, entry]) =>
    Buffer.concat([encodeText(name), encodeValue(entry)]),
  );
  return Buffer.concat([Buffer.of(0x03), ...entries, Buffer.of(0x00, 0x00, 0x09)]);
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
