import { Writable } from 'node:stream';
import { type ProblemCode, problems } from '@signet/contracts';
import express, { type RequestHandler } from 'express';
import { describe, expect, test } from 'vitest';
import { AppError, refusal } from '../../src/errors.ts';
import { createErrorHandler } from '../../src/http/error-handler.ts';
import { createLog } from '../../src/log.ts';
import { serveForTest } from '../listen-for-test.ts';
import { send } from '../start-api.ts';

const away = new Error('The database is away');

/** What the app answers to a request that fails like this, and what it told others of it. */
async function answerTo(handler: RequestHandler, onRefusal = async () => {}) {
  const lines: string[] = [];
  const destination = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(`${chunk}`)) });
  const counted: ProblemCode[] = [];
  const app = express().disable('etag');
  app.use((request, _response, next) => {
    request.id = 'the-id-of-the-request';
    next();
  });
  app.use(handler);
  app.use(
    createErrorHandler({
      log: createLog({ level: 'trace' }, destination),
      isUnavailable: (error) => error === away,
      onProblem: (code) => void counted.push(code),
      onRefusal,
    }),
  );
  const { url } = await serveForTest(app);
  const answer = await send(url, 'GET', '/');
  return { ...answer, counted, logged: lines.map((line) => JSON.parse(line)) };
}

const failing =
  (error: unknown): RequestHandler =>
  () => {
    throw error;
  };

const withStatus = (status: unknown) => Object.assign(new Error('quotes the request'), { status });

describe('an error', () => {
  test.each([
    ['of the database that is away', away, 'not_ready', 'The database does not answer at the moment'],
    ['of the parser, 413', withStatus(413), 'body_too_large', 'The body is too large'],
    [
      'of the parser, 415',
      withStatus(415),
      'unsupported_media_type',
      'The body is encoded in a way that is not read here',
    ],
    ['of the parser, 400', withStatus(400), 'invalid_request', 'The request is malformed'],
    ['of the parser, 499', withStatus(499), 'invalid_request', 'The request is malformed'],
    ['with a status below an error', withStatus(399), 'internal', problems.internal.detail],
    ['with the status of a failure', withStatus(500), 'internal', problems.internal.detail],
    ['with a status that is no number', withStatus('400'), 'internal', problems.internal.detail],
    ['that is no Error', { status: 400 }, 'internal', problems.internal.detail],
    ['that nobody expected', new Error('a secret'), 'internal', problems.internal.detail],
  ])('%s is answered with the code and a text of ours', async (_of, error, code, detail) => {
    const { status, headers, body, text, counted } = await answerTo(failing(error));
    expect([status, body.code, body.detail]).toEqual([problems[code as ProblemCode].status, code, detail]);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(headers.get('retry-after')).toBe(code === 'not_ready' ? '2' : null);
    expect(text).not.toMatch(/quotes|secret/);
    expect(counted).toEqual([code]);
  });

  test('after the first byte of the answer cuts the connection', async () => {
    const broken = answerTo((_request, response) => {
      response.write('the first byte');
      throw new Error('too late');
    });
    await expect(broken).rejects.toThrow();
  });
});

describe('a problem', () => {
  test('has the members of RFC 9457 and those of the article, and the issues where there are some', async () => {
    const { title, status, hint } = problems.invalid_request;
    const issues = [{ path: 'uid', message: 'User ID is missing' }];
    const whole = {
      type: '/problems/invalid_request',
      title,
      status,
      detail: 'What is wrong',
      code: 'invalid_request',
      request_id: 'the-id-of-the-request',
      hint,
      message: 'What is wrong',
      data: null,
      error: title,
    };
    const without = await answerTo(failing(new AppError('invalid_request', 'What is wrong')));
    expect(without.body).toEqual(whole);
    const { body } = await answerTo(failing(new AppError('invalid_request', 'What is wrong', { issues })));
    expect(body).toEqual({ ...whole, issues });
  });

  test('is kept by no cache, and has none of the header fields that a handler set before it failed', async () => {
    const { headers, setCookies } = await answerTo((_request, response) => {
      response.append('Set-Cookie', 'jwt=a-token').append('Vary', 'Origin');
      response.set({ Location: '/there', Link: '</next>', ETag: '"x"', 'Content-Disposition': 'inline' });
      response.set('Cache-Control', 'private');
      throw new AppError('uid_taken');
    });
    expect(setCookies).toEqual([]);
    expect(['location', 'link', 'etag', 'content-disposition'].map((name) => headers.get(name))).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual(['no-store', 'Origin']);
  });

  test.each([
    ['no-token', 'Bearer realm="signet"'],
    ['refresh-mac', 'Bearer realm="signet"'],
    ['two-cookies', 'Bearer realm="signet"'],
    ['signature', 'Bearer realm="signet", error="invalid_token"'],
    ['not-before', 'Bearer realm="signet", error="invalid_token"'],
    ['exp', 'Bearer realm="signet", error="invalid_token"'],
    ['session', 'Bearer realm="signet", error="invalid_token"'],
    ['origin-unlisted', null],
  ] as const)('by the rule %s asks for a token like this: %s', async (rule, expected) => {
    const { headers } = await answerTo(failing(refusal(rule)));
    expect(headers.get('www-authenticate')).toBe(expected);
  });

  test('says which methods there are, what is left of a limit, and when to come again, in whole seconds', async () => {
    const quota = { name: 'tries', limit: 9, windowSeconds: 60, remaining: 0, resetSeconds: 7 };
    const { headers } = await answerTo(
      failing(
        new AppError('method_not_allowed', 'Not so', {
          allow: ['GET', 'PUT'],
          quota,
          retryAfterSeconds: 6.1,
        }),
      ),
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      allow: 'GET, PUT',
      ratelimit: '"tries";r=0;t=7',
      'ratelimit-policy': '"tries";q=9;w=60',
      'retry-after': '7',
    });
    const soon = await answerTo(failing(new AppError('overloaded', { retryAfterSeconds: 0 })));
    expect(soon.headers.get('retry-after')).toBe('1');
    const plain = await answerTo(failing(new AppError('uid_taken')));
    for (const name of ['allow', 'ratelimit', 'ratelimit-policy', 'retry-after'])
      expect(plain.headers.get(name)).toBeNull();
  });

  test('of the caller is told to the audit log before it is sent, and one of ours is logged', async () => {
    const order: string[] = [];
    const onRefusal = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('told');
    };
    const refused = await answerTo(failing(new AppError('uid_taken')), onRefusal);
    order.push('answered');
    expect([order, refused.logged]).toEqual([['told', 'answered'], []]);

    const failed = await answerTo(failing(new Error('why')), onRefusal);
    expect(order).toHaveLength(2);
    expect(failed.logged).toEqual([
      expect.objectContaining({
        level: 50,
        request_id: 'the-id-of-the-request',
        msg: 'internal',
        err: expect.objectContaining({ message: 'why' }),
      }),
    ]);
  });

  test('that we chose is logged without a stack, unless it has a cause', async () => {
    const chosen = await answerTo(failing(new AppError('overloaded')));
    expect(chosen.logged).toEqual([
      {
        level: 40,
        time: expect.any(String),
        request_id: 'the-id-of-the-request',
        detail: problems.overloaded.detail,
        msg: 'overloaded',
      },
    ]);
    const caused = await answerTo(failing(new AppError('overloaded', { cause: new Error('why') })));
    expect(caused.logged[0]).toMatchObject({ level: 50, err: { cause: { message: 'why' } } });
  });
});
