/** The bytes without the one end of line (LF or CRLF) that editors and `echo` write at the end of a file. */
export function withoutEndOfLine(bytes: Buffer): Buffer {
  if (bytes.at(-1) !== lf) return bytes;
  return bytes.subarray(0, bytes.at(-2) === cr ? -2 : -1);
}

/** The lines of a file, without their ends of line (LF or CRLF). The last line may have one or not. */
export function linesOf(bytes: Buffer): Buffer[] {
  if (bytes.length === 0) return [];
  // Latin-1 maps each byte to one character and back, so that no byte is lost.
  const lines = withoutEndOfLine(bytes).toString('latin1').split(/\r?\n/);
  return lines.map((line) => Buffer.from(line, 'latin1'));
}

/**
 * What in the form of a secret shows that an editor, a shell or a configuration file has changed it, with
 * the fix. It is reported, neither repaired nor accepted: either would make a key that other programs with
 * the same file do not have.
 */
export function problemOfSecretForm(secret: Buffer): string | undefined {
  if (marks.some((mark) => secret.indexOf(mark) === 0) || isUtf16(secret))
    return 'is in UTF-16, as PowerShell and Notepad write it. Save it as UTF-8 without a byte order mark.';
  if (secret.indexOf('\ufeff') === 0)
    return 'begins with a byte order mark, which would be part of the key. Save it as UTF-8 without one.';
  if (secret.length > 1 && quotes.includes(secret[0] ?? 0) && secret.at(-1) === secret[0])
    return 'is in quotes, which would be part of the key. Remove them.';
  return undefined;
}

const [lf, cr] = [0x0a, 0x0d];
const quotes = [...Buffer.from(`"'`)];
const marks = [Buffer.from([0xff, 0xfe]), Buffer.from([0xfe, 0xff])];

/** Whether every second byte is zero, as ASCII in UTF-16 has it. */
function isUtf16(secret: Buffer): boolean {
  const isZero = (parity: number) => secret.every((byte, index) => index % 2 !== parity || byte === 0);
  return secret.length > 2 && (isZero(0) || isZero(1));
}
