import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import express, { type RequestHandler } from 'express';
import { answerEncoded, encode, type Encoded } from './encoded.ts';

const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

const FOREVER = 'public, max-age=31536000, immutable';
const AN_HOUR = 'public, max-age=3600';

/**
 * The files of one folder. Text is compressed once and kept in memory (the folder is ours and small); the rest goes
 * to express.static. Files whose name or `?v=` carries a hash of their content are kept by browsers for good.
 */
export function staticFiles(folder: string, options: { hashedNames: boolean }): RequestHandler {
  const kept = new Map<string, Promise<Encoded>>();
  const others = express.static(folder, { index: false, redirect: false, maxAge: '1h' });
  return async (req, res, next) => {
    const type = TYPES[extname(req.path)];
    if (type === undefined || (req.method !== 'GET' && req.method !== 'HEAD')) return others(req, res, next);
    const file = await textFile(folder, req.path, kept);
    if (!file) return next();
    answerEncoded(req, res, file, {
      'Content-Type': type,
      'Cache-Control': options.hashedNames || 'v' in req.query ? FOREVER : AN_HOUR,
      Vary: 'Accept-Encoding',
    });
  };
}

async function textFile(folder: string, path: string, kept: Map<string, Promise<Encoded>>) {
  // Only plain names: no dot folders, no way up, nothing to decode.
  if (!/^(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/.test(path)) return undefined;
  const known = kept.get(path);
  if (known) return known;
  let body: Buffer;
  try {
    body = await readFile(join(folder, path));
  } catch {
    return undefined; // not there: the 404 page answers
  }
  const made = encode(body, 10);
  kept.set(path, made);
  return made;
}
