import { parse as parseContentType } from 'content-type';
import express, { type Request, type Response } from 'express';
import { AppError } from '../errors.ts';
import { parseJson } from './json.ts';

/**
 * Reads a JSON body of at most 100 kB; undefined where there is none.
 *
 * An empty object says as little as no body, so it reads as none. Throws `unsupported_media_type` for anything
 * but `application/json` in UTF-8, which is also what keeps an HTML form from sending one (a form's media types
 * need no preflight), `body_too_large` and `invalid_request`.
 */
export function createBodyReader() {
  const readBytes = express.raw({ limit: '100kb', type: () => true, inflate: false });

  return async (request: Request, response: Response): Promise<unknown> => {
    if (!hasBody(request)) return undefined;
    refuseOtherTypes(request.headers['content-type']);
    await new Promise<void>((resolve, reject) => {
      readBytes(request, response, (error?: unknown) => (error ? reject(error) : resolve()));
    });
    const value = parseJson(request.body as Buffer);
    const isEmpty = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
    return isEmpty ? undefined : value;
  };
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function refuseOtherTypes(header: string | undefined): void {
  const { type, charset } = read(header);
  if (type !== 'application/json') throw new AppError('unsupported_media_type', 'The body must be application/json');
  if (charset !== undefined && charset.toLowerCase() !== 'utf-8') throw new AppError('unsupported_media_type', 'JSON must be in UTF-8');
}

function read(header: string | undefined): { type?: string; charset?: string | undefined } {
  try {
    const { type, parameters } = parseContentType(header ?? '');
    return { type, charset: parameters.charset };
  } catch {
    return {};
  }
}
