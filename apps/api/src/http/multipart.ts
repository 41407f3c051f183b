import type { Request, Response } from 'express';
import multer, { MulterError } from 'multer';
import { AppError } from '../errors.ts';

/** What a body may have beside the file: the longest text of a member, and the headers of the parts. */
const maxFieldBytes = 100_000;
const maxFields = 10;

/** The parser is done with the last bytes of a body within the same turn of the event loop, or never. */
const parserGraceMs = 1000;

export type Multipart = { readonly fields: unknown; readonly file: Buffer | undefined };

/**
 * Reads a multipart/form-data body (RFC 7578) with text members and at most one file, in a part of the
 * given name.
 *
 * Only the bytes of the file are kept, because the sender can invent its name and its type. Throws
 * `body_too_large` as soon as the length is known, `invalid_request` for a body that is malformed, cut off or
 * has other files, and `unsupported_media_type` for a compressed one.
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
      // multer would read `note[a]` as a path into an object; names with brackets are refused instead.
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
      // Of a form that goes on after its last boundary, multer's parser waits for the end of a part for ever, and
      // the upload would keep its place among those under way.
      request.once('end', () => setTimeout(() => reject(malformed()), parserGraceMs));
    });
    const { body: fields, file } = request;
    refuseUnread(fields);
    // The request lives until its answer is sent, and the upload need not.
    delete request.file;
    return { fields, file: file?.buffer };
  };
}

/**
 * Throws for text that multer lost without telling: text in a charset that it does not know is undefined, and in text
 * that was not UTF-8 the character U+FFFD is in the place of each wrong byte.
 */
function refuseUnread(fields: Record<string, unknown> | undefined): void {
  const texts = Object.values(fields ?? {}).flat();
  if (texts.includes(undefined))
    throw new AppError(
      'invalid_request',
      'A text of the form is in a charset that is not read here; write it in UTF-8',
    );
  if (texts.some((text) => typeof text === 'string' && text.includes('\uFFFD')))
    throw new AppError(
      'invalid_request',
      'A text of the form is not UTF-8, or has U+FFFD in the place of a character that was lost',
    );
}

/** An error while reading is the sender's, or its connection's, so each becomes a 4xx. */
function toAppError(cause: unknown): AppError {
  const code = cause instanceof MulterError ? cause.code : undefined;
  if (code === 'LIMIT_FILE_SIZE') return tooLarge(cause);
  if (code === 'LIMIT_FIELD_VALUE')
    return new AppError('body_too_large', 'A member of the form is too long', { cause });
  if (code === 'LIMIT_UNEXPECTED_FILE' || code === 'LIMIT_FILE_COUNT') {
    return new AppError('invalid_request', 'The form may have one file, in the part named image', { cause });
  }
  return malformed(cause);
}

function malformed(cause?: unknown): AppError {
  return new AppError('invalid_request', 'The form is malformed or was cut off', { cause });
}

function tooLarge(cause?: unknown): AppError {
  return new AppError('body_too_large', 'The image is larger than 5 MiB', { cause });
}
