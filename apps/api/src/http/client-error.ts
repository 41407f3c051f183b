import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { AppError } from '../errors.ts';
import { toProblem } from './error-handler.ts';
import type { RequestRecord } from './observe.ts';

/** Codes of Node's parser that have a status of their own (RFC 9110, section 15.5.9; RFC 6585, section 5). */
const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/**
 * For `clientError`: answers bytes that are not a valid request with a problem, because they reach no handler
 * and Node would send a bare status line.
 *
 * If the head was valid and the body is not, the answer has the request's id and its CORS headers, and the
 * observer records it. Otherwise it has no CORS headers, because no origin was read, and `onUnreadable` gets
 * the record.
 */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Socket,
  onUnreadable: (record: RequestRecord) => void,
): void {
  // Never write a second response into one that has started. Node keeps the current response
  // in `_httpMessage`.
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
  if (underWay) underWay.req.brokenWith = status;
  else onUnreadable(recordOf(request_id, status));
}

function recordOf(request_id: string, status: number): RequestRecord {
  return {
    request_id,
    caller_request_id: undefined,
    method: '-',
    route: undefined,
    path: '-',
    status,
    ms: 0,
    origin: undefined,
    decisions: [],
    problem: { code: 'invalid_request', rule: undefined },
  };
}
