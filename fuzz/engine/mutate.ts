import type { Random } from './random.ts';

const maxLength = 4096;

/** Bytes at which parsers decide something. */
const interesting = [
  0x00, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x25, 0x2c, 0x2e, 0x3b, 0x3d, 0x5c, 0x7f, 0x80, 0xff,
];

type Sources = {
  readonly random: Random;
  readonly words: readonly Buffer[];
  /** Another input that is known, to take a piece of. */
  readonly other: () => Buffer;
};

/** A new input, made of a known one by one to five random changes. */
export function mutate(input: Buffer, sources: Sources): Buffer {
  let bytes: Buffer = Buffer.from(input);
  for (let left = 1 + sources.random.below(5); left > 0; left -= 1) bytes = change(bytes, sources);
  return bytes.subarray(0, maxLength);
}

function change(bytes: Buffer, { random, words, other }: Sources): Buffer {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + 1 + random.below(random.below(4) === 0 ? bytes.length : 8));
  const piece = bytes.subarray(at, end);
  const replaced = (by: Buffer, until = end) =>
    Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(until)]);
  switch (random.below(9)) {
    case 0:
      return flip(bytes, random);
    case 1:
      return replaced(Buffer.of(random.pick(interesting) ?? 0), at + 1);
    case 2:
      return replaced(Buffer.of(random.below(256)), at);
    case 3:
      return replaced(Buffer.alloc(0));
    case 4:
      return replaced(Buffer.concat(Array.from({ length: 2 + random.below(8) }, () => piece)));
    case 5: {
      const donor = other();
      const from = random.below(donor.length);
      return replaced(donor.subarray(from, from + 1 + random.below(donor.length - from)), at);
    }
    case 6:
    case 7:
      return replaced(random.pick(words) ?? Buffer.of(0), random.below(2) === 0 ? at : end);
    default:
      return withNumber(bytes, random);
  }
}

function flip(bytes: Buffer, random: Random): Buffer {
  const at = random.below(bytes.length);
  const flipped = Buffer.from(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
  return flipped;
}

/** Replaces a run of digits by a number at a boundary, or four bytes by a length at one. */
function withNumber(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString('latin1');
  const runs = [...text.matchAll(/\d+/g)];
  const run = random.pick(runs);
  const numbers = ['0', '1', '-1', '2147483648', '4294967296', '9007199254740993', '1e400', '00', ''];
  if (run && random.below(2) === 0) {
    const number = random.pick(numbers) ?? '';
    return Buffer.from(text.slice(0, run.index) + number + text.slice(run.index + run[0].length), 'latin1');
  }
  if (bytes.length < 4) return bytes;
  const changed = Buffer.from(bytes);
  const value = random.pick([0, 1, 0x7f, 0xff, 0xffff, 0x7fffffff, 0xffffffff, bytes.length]) ?? 0;
  const at = random.below(bytes.length - 3);
  if (random.below(2) === 0) changed.writeUInt32BE(value, at);
  else changed.writeUInt32LE(value, at);
  return changed;
}
