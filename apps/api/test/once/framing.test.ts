import { ServerResponse } from 'node:http';
import type { Response } from 'express';
import { expect, test } from 'vitest';
import { refuseUnclearFraming } from '../../src/http/framing.ts';
import { requestOf } from '../request-of.ts';

/** What the rule does with a request of this coding and version: what it throws, and the header fields that it sets. */
function judge(coding: string | undefined, httpVersion: string) {
  const request = requestOf({ headers: { 'transfer-encoding': coding }, httpVersion });
  const response = new ServerResponse(request) as Response;
  let passed = 0;
  const next = () => {
    passed += 1;
  };
  try {
    refuseUnclearFraming(request, response, next);
    return { passed, fields: response.getHeaders() };
  } catch (refusal) {
    return { passed, fields: response.getHeaders(), refusal };
  }
}

test.each([
  [undefined, '1.1'],
  [undefined, '1.0'],
  ['chunked', '1.1'],
  ['Chunked', '1.1'],
])('the transfer coding %s in HTTP/%s passes', (coding, version) => {
  expect(judge(coding, version)).toEqual({ passed: 1, fields: {} });
});

test.each([
  ['chunked', '1.0'],
  ['gzip, chunked', '1.1'],
  ['chunked, chunked', '1.1'],
  ['xchunked', '1.1'],
  ['identity', '1.1'],
  ['', '1.1'],
])('the transfer coding %j in HTTP/%s is refused, and its connection closed', (coding, version) => {
  expect(judge(coding, version)).toEqual({
    passed: 0,
    fields: { connection: 'close' },
    refusal: expect.objectContaining({
      code: 'invalid_request',
      message: 'The body may be sent in chunks over HTTP/1.1, in no other encoding',
    }),
  });
});
