/** How much of a request's body has been sent, from 0 to 1. */
export type OnUploadProgress = (sent: number) => void;

/** `fetch` that can also report the progress of an upload. */
export type Transport = (request: Request, onUploadProgress?: OnUploadProgress) => Promise<Response>;

/** Sends by `fetch`, or by XMLHttpRequest if the progress is wanted: no other API of browsers reports it. */
export const send: Transport = (request, onUploadProgress) =>
  onUploadProgress ? sendWithProgress(request, onUploadProgress) : fetch(request);

/**
 * Sends the request as `fetch` would, by XMLHttpRequest. Rejects as `fetch` does: with a TypeError if there was no
 * answer, with the signal's reason if it was aborted.
 */
async function sendWithProgress(request: Request, onUploadProgress: OnUploadProgress): Promise<Response> {
  const body = await request.arrayBuffer();
  request.signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const exchange = new XMLHttpRequest();
    const abort = () => exchange.abort();
    exchange.open(request.method, request.url);
    exchange.responseType = 'arraybuffer';
    exchange.withCredentials = request.credentials === 'include';
    for (const [name, value] of request.headers) exchange.setRequestHeader(name, value);
    exchange.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onUploadProgress(loaded / total);
    };
    exchange.upload.onload = () => onUploadProgress(1);
    exchange.onload = () => resolve(toResponse(exchange));
    exchange.onerror = () => reject(new TypeError('Failed to fetch'));
    exchange.onabort = () => reject(request.signal.reason);
    exchange.onloadend = () => request.signal.removeEventListener('abort', abort);
    request.signal.addEventListener('abort', abort);
    exchange.send(body);
  });
}

function toResponse(exchange: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of exchange.getAllResponseHeaders().trim().split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  // With these statuses the Response constructor throws for any body, even an empty one.
  const hasBody = ![204, 205, 304].includes(exchange.status);
  const response = new Response(hasBody ? exchange.response : null, {
    status: exchange.status,
    statusText: exchange.statusText,
    headers,
  });
  // The constructor has no place for it, and after a redirect it differs from the request's.
  return Object.defineProperty(response, 'url', { value: exchange.responseURL });
}
