import { isUtf8 } from 'node:buffer';
import type { Report } from './read-variables.ts';

/** The bytes of a file. Throws if it cannot be read. */
export type ReadFile = (path: string) => Buffer;

export type FileReader = ReturnType<typeof createFileReader>;

/**
 * Readers of the files that variables name. A problem is reported with the variable's name; then the answer
 * is undefined.
 */
export function createFileReader(readFile: ReadFile, report: Report) {
  const bytes = (name: string, file: string): Buffer | undefined => {
    try {
      return readFile(file);
    } catch {
      report(`${name}: ${file} cannot be read. Check the path and its permissions.`);
      return undefined;
    }
  };

  return {
    bytes,

    /**
     * A file as text. What is not valid UTF-8 is reported, because decoding would replace the bytes that it
     * cannot read by U+FFFD without an error, and a byte order mark because it would become part of the text.
     */
    text: (name: string, file: string): string | undefined => {
      const read = bytes(name, file);
      if (!read) return undefined;
      const problem = problemOfText(read);
      if (problem) report(`${name}: ${file} ${problem}`);
      return problem ? undefined : read.toString('utf8');
    },
  };
}

function problemOfText(bytes: Buffer): string | undefined {
  if (!isUtf8(bytes))
    return 'is not text in UTF-8. Save it as UTF-8 (Windows also writes UTF-16 and others).';
  if (bytes.indexOf('\ufeff') === 0) return 'begins with a byte order mark. Save it as UTF-8 without one.';
  if (bytes.includes(0)) return 'holds a NUL character. Save it as UTF-8 without one.';
  return undefined;
}
