import { expect, test } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { explainStart } from '../../src/explain-start.ts';

/** An error as the system, or SQLite, throws it. */
const failure = (message: string, members: object) => Object.assign(new Error(message), members);

test.each<[cause: string, error: Error, fix: string]>([
  ['a port in use', failure('listen', { code: 'EADDRINUSE', port: 8086 }), 'set PORT'],
  ['a port for root only', failure('listen', { code: 'EACCES', port: 80 }), 'Set PORT to 1024 or above'],
  ['an address of another machine', failure('listen', { code: 'EADDRNOTAVAIL', port: 8086 }), 'Set HOST'],
  ['a host name that does not exist', failure('getaddrinfo', { code: 'ENOTFOUND' }), 'Set HOST'],
  ['a forbidden folder', failure('mkdir', { code: 'EACCES' }), 'Make that folder writable'],
  ['a folder that the system does not allow', failure('mkdir', { code: 'ENOENT' }), 'set DATA_DIR'],
  ['a read-only file of SQLite', failure('write', { code: 'SQLITE_READONLY' }), 'Make that folder writable'],
  ['a full disk', failure('write', { code: 'ENOSPC' }), 'Make room on that disk'],
  ['a full disk under SQLite', failure('COMMIT', { code: 'SQLITE_FULL' }), 'Make room on that disk'],
  ["a full share of a user's disk", failure('write', { code: 'EDQUOT' }), 'Make room on that disk'],
])(
  'The API explains in one line, with the fix, that it did not start because of %s',
  (_cause, error, fix) => {
    const line = explainStart(error);
    expect(line).toMatch(/^Signet did not start: .*\.$/);
    expect(line).toContain(fix);
  },
);

test('The API reports wrong settings in their own words, and other errors by their message alone', () => {
  expect(explainStart(new ConfigError(['PORT=abc must be a whole number.']))).toContain('PORT=abc must be');
  expect(explainStart(new Error('out of luck'))).toBe('Signet did not start: out of luck');
});
