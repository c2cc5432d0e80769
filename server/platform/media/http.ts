import express, { type Request, type RequestHandler, type Response } from 'express';
import multer, { MulterError } from 'multer';
import { AppError } from '../errors.ts';
import type { Media } from './media.ts';

const MAX_BYTES = 12 * 1024 * 1024;

const receive = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: MAX_BYTES, files: 1, fields: 10, parts: 12 },
});

/**
 * The one file of a form.
 *
 * @throws AppError `too_large`, `invalid` when it is missing
 */
export async function uploadOf(req: Request, res: Response, field: string): Promise<Buffer> {
  await new Promise<void>((resolve, reject) =>
    receive.single(field)(req, res, (cause: unknown) => {
      if (!cause) return resolve();
      const tooLarge = cause instanceof MulterError && cause.code === 'LIMIT_FILE_SIZE';
      reject(new AppError(tooLarge ? 'too_large' : 'invalid', { cause }));
    }),
  );
  if (!req.file || req.file.size === 0) throw new AppError('invalid', { fields: { [field]: 'required' } });
  return req.file.buffer;
}

/** Uploaded pictures; their names are random and their content never changes. */
export function mediaFiles(media: Media): RequestHandler {
  return express.static(media.folder, {
    index: false,
    redirect: false,
    immutable: true,
    maxAge: '365d',
    setHeaders: (res) => void res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox"),
  });
}
