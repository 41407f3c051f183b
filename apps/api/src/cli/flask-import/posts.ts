import { createHash } from 'node:crypto';
import { fold } from '../../db/fold.ts';
import { type Image, imageColumns } from '../../images/store.ts';
import type { Batch } from './report.ts';
import type { FlaskRow } from './source.ts';
import { type ImportStore, isId } from './store.ts';
import { readUpload } from './uploads.ts';
import { type Reading, RefusedRow, readNote } from './values.ts';

type PostImport = {
  readonly rows: readonly FlaskRow[];
  readonly batch: Batch;
  readonly store: ImportStore;
  /** By the source's id of a user: the user id here, or undefined where the user was not imported. */
  readonly authors: ReadonlyMap<unknown, string | undefined>;
  readonly uploads: string | undefined;
  /** The time of the import, in ISO 8601. */
  readonly at: string;
  readonly keepImage: (image: Image) => Promise<void>;
};

type Read = { row: FlaskRow; author: string; note: Reading<string>; file: string | null; digest: string };

/** Imports some posts, and gives how many of them were refused because their author was. */
export async function importPosts({
  rows,
  batch,
  store,
  authors,
  uploads,
  at,
  keepImage,
}: PostImport): Promise<number> {
  let orphans = 0;
  const posts = rows.flatMap((row) => readOrRefuse(row));
  const owners = await store.findUids(
    'users',
    posts.map(({ author }) => fold(author)),
  );
  const known = await store.findDigests(
    'imported_posts',
    posts.map(({ digest }) => digest),
  );
  const sameIds = await store.findPosts(rows.map(({ id }) => id).filter(isId));
  const added: object[] = [];
  const digests: string[] = [];
  for (const { row, author, note, file, digest } of posts) {
    const owner = owners.get(fold(author));
    const same = isId(row.id) ? sameIds.get(row.id) : undefined;
    if (known.has(digest) || (owner && same?.user_id === owner.id && same.note === note.value))
      batch.tally.present += 1;
    else if (owner?.uid !== author) refuse(row, 'its author is not here any more');
    else {
      if (note.change !== undefined) batch.find(row, 'changed', note.change);
      const image = await importImage(row, file);
      const times = { created_at: at, updated_at: at };
      const columns = { note: note.value, ...imageColumns(image), user_id: owner.id };
      added.push({ id: batch.idFor(row), ...columns, ...times });
      digests.push(digest);
      batch.tally.imported += 1;
    }
  }
  await store.add('posts', added);
  await store.addDigests('imported_posts', digests);
  return orphans;

  function readOrRefuse(row: FlaskRow): Read[] {
    const author = authors.get(row.userID);
    if (author === undefined) {
      if (authors.has(row.userID)) orphans += 1;
      refuse(row, whyNoAuthor(row));
      return [];
    }
    try {
      const file = typeof row.image === 'string' && row.image !== '' ? row.image : null;
      const note = readNote(row.note, file);
      const digest = createHash('sha256')
        .update(JSON.stringify([row.id, author, note.value, file]))
        .digest('base64url');
      return [{ row, author, note, file, digest }];
    } catch (error) {
      if (!(error instanceof RefusedRow)) throw error;
      refuse(row, error.message);
      return [];
    }
  }

  function whyNoAuthor({ userID }: FlaskRow): string {
    if (authors.has(userID)) return 'its author was not imported';
    return userID === null
      ? 'it has no author (userID is empty)'
      : 'its author does not exist (userID leads nowhere)';
  }

  function refuse(row: FlaskRow, reason: string): void {
    batch.tally.refused += 1;
    batch.find(row, 'refused', reason);
  }

  /** The stored image. The note is imported also where its image is lost or unreadable. */
  async function importImage(row: FlaskRow, file: string | null): Promise<Image | null> {
    if (file === null) {
      if (row.image !== null && row.image !== undefined && row.image !== '')
        batch.find(row, 'changed', 'its image is not a file name: imported without it');
      return null;
    }
    const found =
      uploads === undefined ? { problem: `its image ${file} was not asked for` } : readUpload(uploads, file);
    if ('problem' in found) {
      batch.find(row, 'changed', `${found.problem}: imported without it`);
      return null;
    }
    await keepImage(found.image);
    return found.image;
  }
}
