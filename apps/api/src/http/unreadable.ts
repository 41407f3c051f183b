import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../errors.ts';
import { toProblem } from './error-handler.ts';

/** The parser's codes for which there is a status of their own (RFC 9110, RFC 6585). */
const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/**
 * For a server's `clientError`: bytes that never become a request meet no handler, and Node would answer them with a bare
 * status line. This is the same refusal as a problem. There is no CORS header, because the origin was not read either.
 */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  // An answer that is on its way must not get another one into its middle. Node keeps it here, and looks here itself.
  const { _httpMessage: underWay } = socket as Socket & { _httpMessage?: ServerResponse };
  if (!socket.writable || underWay?.headersSent) return void socket.destroy();
  const status = statuses[error.code ?? ''] ?? 400;
  const request_id = randomUUID();
  const body = JSON.stringify({ ...toProblem(new AppError('invalid_request', 'The request is malformed'), request_id), status });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Vary: Origin',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${request_id}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
