import express, { type Request, type RequestHandler, type Response } from 'express';
import multer, { MulterError } from 'multer';
import { AppError } from '../errors.ts';
import type { Media } from './media.ts';
import { MAX_PAPER_BYTES, type Papers } from './papers.ts';

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

const receiveForm = multer({
  storage: multer.memoryStorage(),
  limits: {
    fileSize: MAX_PAPER_BYTES,
    files: 1,
    fields: 300,
    parts: 301,
    fieldSize: 8 * 1024,
    fieldNameSize: 60,
  },
});

/**
 * A form with a paper that may be left out. Its other fields are in `req.body` afterwards.
 *
 * @throws AppError `too_large`, `invalid` for what is no such form
 */
export async function formWithPaper(req: Request, res: Response, field: string): Promise<Buffer | undefined> {
  await new Promise<void>((resolve, reject) =>
    receiveForm.single(field)(req, res, (cause: unknown) => {
      if (!cause) return resolve();
      const tooLarge = cause instanceof MulterError && cause.code === 'LIMIT_FILE_SIZE';
      reject(new AppError(tooLarge ? 'too_large' : 'invalid', { cause }));
    }),
  );
  return req.file && req.file.size > 0 ? req.file.buffer : undefined;
}

/** Kept papers. A PDF is saved, never opened here: it may hold programs, and a browser would run them in this shop's name. */
export function paperFiles(papers: Papers): RequestHandler {
  return express.static(papers.folder, {
    index: false,
    redirect: false,
    immutable: true,
    maxAge: '365d',
    setHeaders: (res, path) => {
      res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
      res.setHeader('X-Content-Type-Options', 'nosniff');
      if (path.endsWith('.pdf')) res.setHeader('Content-Disposition', 'attachment');
    },
  });
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
