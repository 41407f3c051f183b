import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { readTarget } from '../../src/http/target.ts';

test('a target that URL.canParse takes for a URL and the constructor does not is unclear, and ends no process', () => {
  // Once V8 has optimised the caller, Node 20's URL.canParse reads such a text as UTF-8.
  for (let turn = 0; turn < 50_000; turn += 1) {
    const request = { url: 'http://\u00dc\u0092', headers: {} } as IncomingMessage;
    readTarget(request);
    expect(request.hasUnclearTarget).toBe(true);
  }
});
