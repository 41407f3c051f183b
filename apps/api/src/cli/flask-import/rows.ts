import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DateOfBirth, maxImageBytes, Name, Note, Tokens, Uid } from '@signet/contracts';
import type { z } from 'zod';
import { readStoredPassword } from '../../auth/password-formats.ts';
import { AppError } from '../../errors.ts';
import { readImage } from '../../images/read-image.ts';
import type { Image } from '../../images/store.ts';
import type { FlaskRow } from './source.ts';

/** A row is not taken over; the message says why. */
export class RefusedRow extends Error {
  override name = 'RefusedRow' as const;
}

/** Each of these reads a row, or throws {@link RefusedRow}. */
export function readUser({ _name, _uid, _password, _dob }: FlaskRow) {
  const dob = _dob === null || _dob === undefined ? null : check(DateOfBirth, _dob);
  return {
    name: check(Name, _name),
    uid: check(Uid, _uid),
    password: checkPassword(_password),
    dob,
    role: 'user' as const,
  };
}

export function readPlayer({ _name, _uid, _password, _tokens }: FlaskRow) {
  return {
    name: check(Name, _name),
    uid: check(Uid, _uid),
    password: checkPassword(_password),
    tokens: check(Tokens, _tokens ?? 0),
  };
}

export function readPost({ id, note: text, image, author, userID }: FlaskRow) {
  const note = check(Note, text);
  if (note.includes('\0') || !note.isWellFormed()) throw new RefusedRow('Note has a NUL or a lone surrogate');
  if (userID === null) throw new RefusedRow('it has no author (userID is empty)');
  if (author === null || author === undefined)
    throw new RefusedRow('its author does not exist (userID leads nowhere)');
  if (image !== null && image !== undefined && typeof image !== 'string')
    throw new RefusedRow('its image is not a file name');
  const uid = check(Uid, author);
  const digest = createHash('sha256')
    .update(JSON.stringify([id, uid, note, image || null]))
    .digest('base64url');
  return { author: uid, note, image: image || null, digest };
}

function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new RefusedRow(result.error.issues[0]?.message ?? 'a value breaks a rule');
}

/** The hash as it is. Never named in the reason: where it cannot be read it may well be the password itself. */
function checkPassword(value: unknown): string {
  if (typeof value === 'string' && value.length <= 512 && readStoredPassword(value)) return value;
  throw new RefusedRow(
    'its password is not hashed in a form that is known here (pbkdf2:sha256, scrypt, argon2id)',
  );
}

/** The image of that name in the folder, and of no name that leads out of it. */
export function readUpload(uploads: string | undefined, name: string): Image {
  if (uploads === undefined) throw new RefusedRow('it has an image, and no --uploads folder was given');
  if (name === '..' || name === '.' || /[/\\\0]/.test(name) || basename(name) !== name) {
    throw new RefusedRow('the name of its image leads out of the uploads folder');
  }
  try {
    const path = join(uploads, name);
    // Not through a link, which could lead anywhere; and neither a device nor a pipe, which might never end.
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found?.isFile()) throw new RefusedRow(`its image ${name} is not among the uploads`);
    if (found.size > maxImageBytes) throw new RefusedRow(`its image ${name} is larger than 5 MiB`);
    return readImage(readFileSync(path));
  } catch (error) {
    if (error instanceof RefusedRow) throw error;
    const reason = error instanceof AppError ? error.message : 'it cannot be read';
    throw new RefusedRow(`its image ${name} was refused: ${reason}`);
  }
}
