import type { RequestHandler } from 'express';
import { AppError } from '../errors.ts';

/**
 * Refuses a body whose end another program could see elsewhere: Node accepts every transfer coding before
 * `chunked` without decoding it, and chunks in HTTP/1.0, which a proxy of that version does not know (RFC
 * 9112, section 6.1). Two programs that disagree on the end of a request take the rest of it for another
 * request (request smuggling).
 *
 * Throws `invalid_request`; the connection is closed, because what follows on it is not to be trusted.
 */
export const refuseUnclearFraming: RequestHandler = ({ headers, httpVersion }, response, next) => {
  const coding = headers['transfer-encoding'];
  if (coding === undefined || (coding.toLowerCase() === 'chunked' && httpVersion === '1.1')) return next();
  response.setHeader('Connection', 'close');
  throw new AppError('invalid_request', 'The body may be sent in chunks over HTTP/1.1, in no other encoding');
};
