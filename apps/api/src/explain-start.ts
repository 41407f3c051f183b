import { ConfigError } from './config/config-error.ts';
import { codeOf } from './errors.ts';

/** Codes of the system and of SQLite for a place that cannot be written to. */
const unwritable = new Set([
  'EROFS',
  'ENOENT',
  'EACCES',
  'EPERM',
  'ENOTDIR',
  'SQLITE_CANTOPEN',
  'SQLITE_READONLY',
]);

/** Codes for a disk, or a user's share of it, that has no room. */
const full = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL']);

/**
 * Why the API did not start, with the fix where the cause is known: one line, or a line for each
 * wrong setting.
 */
export function explainStart(error: unknown): string {
  if (!(error instanceof Error)) return `Signet did not start: ${error}`;
  if (error instanceof ConfigError) return error.message;
  const fix = fixFor(error);
  return `Signet did not start: ${error.message}${fix ? `. ${fix}` : ''}`;
}

function fixFor(error: Error): string | undefined {
  const code = codeOf(error) ?? '';
  if (code === 'EADDRINUSE') return 'Another process has the port; stop it, or set PORT.';
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return 'Set HOST to an address of this machine, or leave it out.';
  // EACCES of a folder is below; only the error of listening has a port.
  if (code === 'EACCES' && 'port' in error) return 'Set PORT to 1024 or above, where every user may listen.';
  if (full.has(code)) return 'Make room on that disk, or set DATA_DIR to a folder on another one.';
  if (unwritable.has(code))
    return 'Make that folder writable, or set DATA_DIR (or DATABASE_URL) to where it may write.';
  return undefined;
}
