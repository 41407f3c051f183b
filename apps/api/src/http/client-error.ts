import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../errors.ts';
import { toProblem } from './error-handler.ts';

/** The parser's codes for which there is a status of their own (RFC 9110, RFC 6585). */
const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/**
 * For a server's `clientError`: bytes that never become a request meet no handler, and Node would answer them with a bare
 * status line. This is the same refusal as a problem. Where the head was read and only the body is no body, it has the
 * request's id and the CORS headers of the answer that was under way; else there are none, for the origin was not read either.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  // An answer that is on its way must not get another one into its middle. Node keeps it here, and looks here itself.
  const { _httpMessage: underWay } = socket as Socket & { _httpMessage?: ServerResponse };
  if (!socket.writable || underWay?.headersSent) return void socket.destroy();
  const status = statuses[error.code ?? ''] ?? 400;
  const prepared = underWay?.getHeaders() ?? {};
  const request_id = String(prepared['x-request-id'] ?? randomUUID());
  const title = STATUS_CODES[status] ?? '';
  const problem = toProblem(new AppError('invalid_request', 'The request is malformed'), request_id);
  const body = JSON.stringify({ ...problem, status, title, error: title });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Vary: Origin',
    ...Object.entries(prepared).flatMap(([name, value]) =>
      name.startsWith('access-control-') ? [`${name}: ${value}`] : [],
    ),
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${request_id}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
