import { lookup as lookUp } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';
import { bare } from '../bare.ts';
import type { Answer, Failure, HeaderLine, Outcome } from '../facts.ts';

/** So long the probe waits for a connection, and for an answer. */
const patience = { connectMs: 2000, answerMs: 4000 } as const;

/** A small body can unpack to a huge one, so more than this is not unpacked. */
const longestDecoded = 16_000_000;

/** So much of a body is kept unless a request asks for more; the rest is not read. */
const usualBody = 8192;

export type Request = {
  readonly url: URL;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The address to connect to; the name stays in Host and in TLS. */
  readonly address?: string;
  readonly answerMs?: number;
  readonly longestBody?: number;
};

/**
 * One request over a connection of its own. It follows no redirect and merges no header lines, because a
 * doubled header is two lines; `fetch` would do both.
 */
export function send({ url, method, headers = {}, body, address, ...limits }: Request): Promise<Outcome> {
  const isTls = url.protocol === 'https:';
  const { hostname } = url;
  const { answerMs = patience.answerMs, longestBody = usualBody } = limits;
  // A caller that asks for more than usual wants what the stream brings.
  const readsStreams = limits.longestBody !== undefined;
  return new Promise((resolve) => {
    let stage: Failure['stage'] = isIP(address ?? bare(hostname)) > 0 ? 'connect' : 'name';
    const fail = (code: string) => {
      resolve({ stage, code });
      request.destroy();
    };
    const request = (isTls ? requestHttps : requestHttp)({
      protocol: url.protocol,
      host: address ?? bare(hostname),
      port: url.port || (isTls ? 443 : 80),
      path: `${url.pathname}${url.search}`,
      method,
      agent: false,
      headers: {
        Host: url.host,
        'User-Agent': 'signet-doctor',
        // Browsers ask for these, so a proxy that compresses wrongly is seen.
        'Accept-Encoding': 'gzip, deflate, br',
        Connection: 'close',
        ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
      ...(isTls && isIP(bare(hostname)) === 0 && { servername: hostname }),
    });
    let onTimeout = () => fail('TIMEOUT');
    const timer = setTimeout(() => onTimeout(), answerMs);
    request.on('close', () => clearTimeout(timer));
    request.on('socket', (socket) => {
      socket.once('lookup', (error) => {
        if (!error) stage = 'connect';
      });
      socket.once('connect', () => {
        stage = isTls ? 'tls' : 'answer';
      });
      socket.once('secureConnect', () => {
        stage = 'answer';
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => fail(codeOf(error)));
    request.on('information', () => undefined);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const end = () => {
        const body = decode(Buffer.concat(chunks), response.headers['content-encoding']);
        if (!body) return fail('UNDECODABLE');
        const answer: Answer = {
          status: response.statusCode ?? 0,
          headers: pairsOf(response.rawHeaders),
          body: body.subarray(0, longestBody).toString('utf8'),
          at: Date.now(),
        };
        resolve(answer);
        request.destroy();
      };
      onTimeout = () => fail('UNENDED');
      // A stream is meant to stay open.
      if (/^text\/event-stream/.test(response.headers['content-type'] ?? '') && !readsStreams) return end();
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= longestBody) end();
      });
      response.on('end', end);
      response.on('error', () => fail('INCOMPLETE'));
      response.on('aborted', () => fail('INCOMPLETE'));
    });
    request.end(body);
  });
}

/** The body without its Content-Encoding, as far as it was read; undefined where it has another encoding. */
function decode(body: Buffer, encoding = ''): Buffer | undefined {
  const decoders: Readonly<Record<string, (() => Buffer) | undefined>> = {
    gzip: () => gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: longestDecoded }),
    deflate: () =>
      inflateSync(body, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: longestDecoded }),
    br: () =>
      brotliDecompressSync(body, {
        finishFlush: constants.BROTLI_OPERATION_FLUSH,
        maxOutputLength: longestDecoded,
      }),
  };
  const decoder = decoders[encoding.trim().toLowerCase()];
  if (!decoder || body.length === 0) return body;
  try {
    return decoder();
  } catch (error) {
    return codeOf(error as NodeJS.ErrnoException) === 'ERR_BUFFER_TOO_LARGE' ? Buffer.alloc(0) : undefined;
  }
}

/** Whether a port answers a TLS handshake, with whatever certificate: it is not asked for anything. */
export function speaksTls(hostname: string, port: number, address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const isName = isIP(bare(hostname)) === 0;
    const socket = connectTls({
      host: address,
      port,
      ...(isName && { servername: hostname }),
      rejectUnauthorized: false,
    });
    const end = (answer: boolean) => {
      resolve(answer);
      socket.destroy();
    };
    socket.setTimeout(patience.connectMs, () => end(false));
    socket.once('secureConnect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

/** Whether something accepts a connection at an address. */
export function tryAddress(address: string, port: number): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (failure: Failure | undefined) => {
      resolve(failure);
      socket.destroy();
    };
    socket.setTimeout(patience.connectMs, () => end({ stage: 'connect', code: 'ETIMEDOUT' }));
    socket.once('connect', () => end(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => end({ stage: 'connect', code: codeOf(error) }));
  });
}

/** Both loopback addresses for `localhost`, whatever this machine's hosts file says; else those of the name. */
export async function addressesOf(hostname: string): Promise<string[]> {
  const name = bare(hostname);
  if (isIP(name) > 0) return [name];
  if (/^(.+\.)?localhost$/.test(name)) return ['::1', '127.0.0.1'];
  try {
    return (await lookUp(name, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

function codeOf({ code, message }: NodeJS.ErrnoException): string {
  return code ?? (/certificate/i.test(message) ? 'CERTIFICATE' : 'ERROR');
}

function pairsOf(rawHeaders: readonly string[]): HeaderLine[] {
  const lines: HeaderLine[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    lines.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  return lines;
}
