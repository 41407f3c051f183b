import { type Endpoint, maxImageBytes } from '@signet/contracts';
import { parse as parseContentType } from 'content-type';
import express, { type Request, type Response } from 'express';
import { AppError } from '../errors.ts';
import { parseJson } from './json.ts';
import { createMultipartReader } from './multipart.ts';

/** `members` are not yet parsed by the endpoint's schema, and `image` is any bytes. */
export type Body = { readonly members: unknown; readonly image?: Buffer | undefined };

export type BodyReader = ReturnType<typeof createBodyReader>;

/**
 * Reads the body of a request that has one: a JSON body of at most 100 kB or, where the
 * endpoint takes it, multipart/form-data with an image.
 *
 * An empty object reads as no body: `members` is undefined. Throws `body_too_large`, `invalid_request`, and
 * `unsupported_media_type` for anything but `application/json` in UTF-8. That refusal also stops HTML forms,
 * which a foreign page can send without a preflight.
 */
export function createBodyReader() {
  const readBytes = express.raw({ limit: '100kb', type: () => true, inflate: false });
  const readForm = createMultipartReader('image', maxImageBytes);

  return async (request: Request, response: Response, { multipart }: Endpoint): Promise<Body> => {
    const { type, charset } = readMediaType(request.headers['content-type']);
    if (multipart && type === 'multipart/form-data') {
      const { fields, file } = await readForm(request, response);
      return { members: file ? fields : orNothing(fields), image: file };
    }
    await new Promise<void>((resolve, reject) => {
      readBytes(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
    const bytes = request.body as Buffer;
    // A chunked body has no Content-Length, so only reading it shows that it is empty.
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

/** Whether the request has a body, empty or not. */
export function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function refuseOtherTypes({ type, charset }: ReturnType<typeof readMediaType>): void {
  if (type !== 'application/json')
    throw new AppError('unsupported_media_type', 'The body must be application/json');
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8')
    throw new AppError('unsupported_media_type', 'JSON must be in UTF-8');
}

/** The media type and its charset as they are; the type is empty where the header has none. */
function readMediaType(header = ''): { type: string; charset: string | undefined } {
  const { type, parameters } = parseContentType(header);
  return { type, charset: parameters.charset };
}
