import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);

type Encoding = 'br' | 'gzip' | 'identity';

/** A body in every encoding a browser may ask for, made once. */
export interface Encoded {
  bodies: Record<Encoding, Buffer>;
  etag: string;
}

/** @param quality brotli's, 0 to 11: low for pages made on the fly, high for what is kept for good. */
export async function encode(identity: Buffer, quality: number): Promise<Encoded> {
  const [br, gz] = await Promise.all([
    brotliAsync(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
    gzipAsync(identity, { level: 6 }),
  ]);
  const etag = `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`;
  return { bodies: { br, gzip: gz, identity }, etag };
}

/** Answers with the best encoding, or 304 when the reader already has it. */
export function answerEncoded(req: Request, res: Response, file: Encoded, headers: Record<string, string>) {
  for (const name in headers) res.setHeader(name, headers[name]!);
  res.setHeader('ETag', file.etag);
  if (req.headers['if-none-match'] === file.etag) {
    res.statusCode = 304;
    res.end();
    return;
  }
  const encoding = encodingFor(req.headers['accept-encoding']);
  const body = file.bodies[encoding];
  res.setHeader('Content-Length', body.length);
  if (encoding !== 'identity') res.setHeader('Content-Encoding', encoding);
  res.end(req.method === 'HEAD' ? undefined : body);
}

/** Browsers send a handful of different headers, and reading one takes longer than finding it here. */
const knownAccepts = new Map<string, Encoding>();
const MAX_KNOWN = 100;

function encodingFor(accept: string | string[] | undefined): Encoding {
  const text = String(accept ?? '');
  const known = knownAccepts.get(text);
  if (known) return known;
  const encoding = accepts(text, 'br') ? 'br' : accepts(text, 'gzip') ? 'gzip' : 'identity';
  if (knownAccepts.size < MAX_KNOWN && text.length < 200) knownAccepts.set(text, encoding);
  return encoding;
}

function accepts(header: string, name: string): boolean {
  return header.split(',').some((part) => {
    const [coding = '', ...parameters] = part.split(';').map((text) => text.trim());
    return coding === name && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}
