import type { Request, Response } from 'express';
import multer, { MulterError } from 'multer';
import { AppError } from '../errors.ts';

/** Beside the file: room for the longest text that a member may have, and for the parts' own headers. */
const maxFieldBytes = 100_000;
const maxFields = 10;

export type Multipart = { readonly fields: unknown; readonly file: Buffer | undefined };

/**
 * Reads a multipart/form-data body (RFC 7578) with text members and at most one file, in a part of the given name.
 *
 * The bytes of that file are all that is kept of it: its name and the type that it claims are the sender's to invent.
 * Throws `body_too_large`, as early as the length is known, and `invalid_request` for what is malformed, cut off,
 * or has other files; `unsupported_media_type` where it is compressed.
 */
export function createMultipartReader(name: string, maxFileBytes: number) {
  const receive = multer({
    storage: multer.memoryStorage(),
    limits: {
      fileSize: maxFileBytes,
      fieldSize: maxFieldBytes,
      fields: maxFields,
      files: 1,
      parts: maxFields + 1,
      headerPairs: 20,
      // A name is a name here, never a path into an object: `note[]` and `note[a]` are refused.
      fieldNestingDepth: 0,
    },
  }).single(name);

  return async (request: Request, response: Response): Promise<Multipart> => {
    if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') {
      throw new AppError('unsupported_media_type', 'The body is encoded in a way that is not read here');
    }
    if (Number(request.headers['content-length'] ?? 0) > maxFileBytes + 2 * maxFieldBytes) throw tooLarge();
    await new Promise<void>((resolve, reject) => {
      receive(request, response, (error?: unknown) => (error ? reject(toAppError(error)) : resolve()));
    });
    return { fields: request.body, file: request.file?.buffer };
  };
}

/** Whatever goes wrong while reading is in what was sent, or in the connection that it came by. */
function toAppError(cause: unknown): AppError {
  const code = cause instanceof MulterError ? cause.code : undefined;
  if (code === 'LIMIT_FILE_SIZE') return tooLarge(cause);
  if (code === 'LIMIT_FIELD_VALUE')
    return new AppError('body_too_large', 'A member of the form is too long', { cause });
  if (code === 'LIMIT_UNEXPECTED_FILE' || code === 'LIMIT_FILE_COUNT') {
    return new AppError('invalid_request', 'The form may have one file, in the part named image', { cause });
  }
  return new AppError('invalid_request', 'The form is malformed or was cut off', { cause });
}

function tooLarge(cause?: unknown): AppError {
  return new AppError('body_too_large', 'The image is larger than 5 MiB', { cause });
}
