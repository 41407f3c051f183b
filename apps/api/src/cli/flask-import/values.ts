import { DateOfBirth, maxNoteLength, Name, Note, Tokens, Uid } from '@signet/contracts';
import { isId } from './store.ts';

/** A row is not imported; the message says why. */
export class RefusedRow extends Error {
  override name = 'RefusedRow' as const;
}

/** What a member became, and, where that is not what the source says, in what it differs. */
export type Reading<Value> = { readonly value: Value; readonly change?: string };

/**
 * A user id in the form that is allowed here. One that is not keeps its letters and digits; where nothing is
 * left, it is made of the row's id, so that what one member lacks does not take the row. Throws {@link
 * RefusedRow} for neither.
 */
export function readUid(value: unknown, id: unknown): Reading<string> {
  const given = Uid.safeParse(value);
  if (given.success) return { value: given.data };
  const reason = given.error.issues[0]?.message ?? 'User ID is not valid';
  const kept = typeof value === 'string' ? value.normalize('NFKC').replace(/[^\p{L}\p{Nd}_.@-]+/gu, '_') : '';
  for (const candidate of [kept.slice(0, 200), `user-${isId(id) ? id : ''}`]) {
    const read = Uid.safeParse(candidate);
    if (read.success && read.data !== 'user-')
      return { value: read.data, change: `${reason}: user id ${quote(value)} is imported as ${read.data}` };
  }
  throw new RefusedRow(reason);
}

/** A user id for a row whose own another row of the source has. */
export function spareUid(uid: string, id: unknown): Reading<string> {
  const spare = Uid.safeParse(`${uid.slice(0, 200)}-${String(id)}`);
  if (!isId(id) || !spare.success) throw new RefusedRow(`another row has the user id ${uid}`);
  const reason = 'another row has this user id (case and Unicode spelling make no difference)';
  return { value: spare.data, change: `${reason}: ${quote(uid)} is imported as ${spare.data}` };
}

/** A name, shortened or cleaned where it must be; the user id where nothing of it is left. */
export function readName(value: unknown, uid: string): Reading<string> {
  const given = Name.safeParse(value);
  if (given.success) return { value: given.data };
  const reason = given.error.issues[0]?.message ?? 'Name is not valid';
  const cleaned = typeof value === 'string' ? value.replace(/\p{Cc}+/gu, ' ').trim() : '';
  const name = Name.safeParse([...cleaned].slice(0, 250).join('').slice(0, 255));
  return { value: name.success ? name.data : uid, change: `${reason}: imported with another name` };
}

/** A day, also of a date-time whose day is valid. Null for an empty text. */
export function readDateOfBirth(value: unknown): Reading<string | null> {
  if (value === null || value === undefined) return { value: null };
  if (typeof value === 'string' && value.trim() === '') return { value: null };
  const [, day, time = ''] = /^\s*(\d{4}-\d\d-\d\d)(?:[T ](.*?))?\s*$/.exec(String(value)) ?? [];
  const read = DateOfBirth.safeParse(day);
  if (!read.success)
    return { value: null, change: `date of birth ${quote(value)} is not a valid day: imported without it` };
  return /^[0:.]*Z?$/.test(time)
    ? { value: read.data }
    : { value: read.data, change: `date of birth ${quote(value)} is imported as ${read.data}` };
}

/** A player's tokens; none where they are not a number of tokens. */
export function readTokens(value: unknown): Reading<number> {
  if (value === null || value === undefined) return { value: 0 };
  const read = Tokens.safeParse(value);
  if (read.success) return { value: read.data };
  return { value: 0, change: `${read.error.issues[0]?.message}: ${quote(value)} is imported as 0` };
}

/** A note; that of a post with nothing but an image is the image's name. */
export function readNote(value: unknown, image: string | null): Reading<string> {
  const given = Note.safeParse(value);
  if (given.success && !given.data.includes('\0') && given.data.isWellFormed()) return { value: given.data };
  if (typeof value !== 'string' && value !== null && value !== undefined)
    throw new RefusedRow('its note is not text');
  const text = (value ?? '').replaceAll('\0', '').toWellFormed().replace(/\r\n?/g, '\n');
  if (text === '' && image === null) throw new RefusedRow('it has neither a note nor an image');
  if (text === '')
    return { value: image ?? '', change: 'it has no note: imported with the name of its image' };
  if (text.length <= maxNoteLength)
    return { value: text, change: 'its note has characters that are left out' };
  return {
    value: text.slice(0, maxNoteLength).toWellFormed(),
    change: `its note has ${text.length} characters: imported with the first ${maxNoteLength}`,
  };
}

function quote(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : `of type ${typeof value}`;
}
