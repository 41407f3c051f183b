import { z } from 'zod';
import { missing } from './missing.ts';
import { Timestamp } from './time.ts';
import { UserId } from './user.ts';

const noteMessage = 'Note is missing';

export const maxNoteLength = 10_000;

/**
 * Text of 1 to 10 000 characters. Browsers send line breaks in a form as CR
 * LF: both become LF, as in a JSON body.
 */
export const Note = z
  .string({ error: noteMessage })
  .overwrite((text) => text.replace(/\r\n?/g, '\n'))
  .min(1, noteMessage)
  .max(maxNoteLength, `Note is more than ${maxNoteLength} characters`);

/** SHA-256 of the image's bytes, in lower-case hex. */
export const ImageId = z.string().regex(/^[0-9a-f]{64}$/);

/** The media types that are accepted. The bytes decide which one an image has, never its file name. */
export const MediaType = z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
export type MediaType = z.infer<typeof MediaType>;

/** The largest image, in bytes. */
export const maxImageBytes = 5 * 1024 * 1024;

/**
 * The largest width × height of an image: a file of a few kilobytes can
 * declare a size that fills a browser's memory.
 */
export const maxImagePixels = 40_000_000;

/**
 * `image` is null, or the id of the image at `/api/posts/:id/image`: another id means another image. Its width and
 * height are those at which it is drawn, in pixels, so that a page can reserve its place; null without an image, and
 * for a post whose image was stored before the API noted sizes.
 */
export const Post = z.strictObject({
  id: z.int().positive(),
  note: z.string(),
  image: ImageId.nullable(),
  image_width: z.int().positive().nullable(),
  image_height: z.int().positive().nullable(),
  user_id: UserId,
  author: z.strictObject({ uid: z.string(), name: z.string() }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Post = z.infer<typeof Post>;

const postDetails = missing('a note');

/** As JSON, or as multipart/form-data with the image in a part named `image`. */
export const CreatePost = z.strictObject({ note: Note }, postDetails);
export type CreatePost = z.infer<typeof CreatePost>;

/** `image: null` removes the image; a new one is sent as a multipart part of that name. */
export const UpdatePost = z.strictObject(
  {
    note: Note.optional(),
    image: z
      .null({ error: 'image may only be null here; an image is sent as multipart/form-data' })
      .optional(),
  },
  postDetails,
);
export type UpdatePost = z.infer<typeof UpdatePost>;
