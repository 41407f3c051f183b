import { lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { maxImageBytes } from '@signet/contracts';
import { AppError } from '../../errors.ts';
import { readImage } from '../../images/read-image.ts';
import type { Image } from '../../images/store.ts';

/**
 * The image of that name in the folder, or why it cannot be read. A name that leads out of the folder
 * is refused.
 */
export function readUpload(uploads: string, name: string): { image: Image } | { problem: string } {
  if (name === '..' || name === '.' || /[/\\\0]/.test(name) || basename(name) !== name)
    return { problem: `the name of its image, ${name}, leads out of the uploads folder` };
  try {
    const path = join(uploads, name);
    // A link could lead anywhere, and a device or a pipe might never end.
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (!found?.isFile()) return { problem: `its image ${name} is not among the uploads` };
    if (found.size > maxImageBytes) return { problem: `its image ${name} is larger than 5 MiB` };
    return { image: readImage(readFileSync(path)) };
  } catch (error) {
    const reason = error instanceof AppError ? error.message : 'the file cannot be read';
    return { problem: `its image ${name} cannot be imported: ${reason}` };
  }
}
