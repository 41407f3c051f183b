import { type Endpoint, maxImageBytes } from '@signet/contracts';
import { parse as parseContentType } from 'content-type';
import express, { type Request, type Response } from 'express';
import { AppError } from '../errors.ts';
import { parseJson } from './json.ts';
import { createMultipartReader } from './multipart.ts';

/** `members` are not parsed by the endpoint's schema yet; `image` is not known to be one. */
export type Body = { readonly members: unknown; readonly image?: Buffer | undefined };

export type BodyReader = ReturnType<typeof createBodyReader>;

/**
 * Reads a JSON body of at most 100 kB or, where the endpoint takes it, a form with an image.
 *
 * An empty object says as little as no body, so it reads as none: `members` is undefined. Throws
 * `unsupported_media_type` for anything but `application/json` in UTF-8, which is also what keeps an HTML form from
 * sending one (a form's media types need no preflight), `body_too_large` and `invalid_request`.
 */
export function createBodyReader() {
  const readBytes = express.raw({ limit: '100kb', type: () => true, inflate: false });
  const readForm = createMultipartReader('image', maxImageBytes);

  return async (request: Request, response: Response, { multipart }: Endpoint): Promise<Body> => {
    if (!hasBody(request)) return { members: undefined };
    const { type, charset } = read(request.headers['content-type']);
    if (multipart && type === 'multipart/form-data') {
      const { fields, file } = await readForm(request, response);
      return { members: file ? fields : orNothing(fields), image: file };
    }
    await new Promise<void>((resolve, reject) => {
      readBytes(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
    const bytes = request.body as Buffer;
    // Sent in chunks, that there is nothing is not known before.
    if (bytes.length === 0) return { members: undefined };
    refuseOtherTypes({ type, charset });
    return { members: orNothing(parseJson(bytes)) };
  };
}

function orNothing(value: unknown): unknown {
  const isEmpty =
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
  return isEmpty ? undefined : value;
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function refuseOtherTypes({ type, charset }: ReturnType<typeof read>): void {
  if (type !== 'application/json')
    throw new AppError('unsupported_media_type', 'The body must be application/json');
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8')
    throw new AppError('unsupported_media_type', 'JSON must be in UTF-8');
}

function read(header: string | undefined): { type?: string | undefined; charset?: string | undefined } {
  try {
    const { type, parameters } = parseContentType(header ?? '');
    return { type, charset: parameters.charset };
  } catch {
    return {};
  }
}
