import { type Endpoint, maxImageBytes } from '@signet/contracts';
import type { Request, Response } from 'express';
import { createByteBudget } from './byte-budget.ts';

const mebibyte = 1024 * 1024;

/** The longest JSON body, and the most that a form has beside its file. */
const maxJsonBytes = 100_000;
const maxFormBytes = maxImageBytes + 2 * maxJsonBytes;

/** Smaller answers are not counted: the system takes them at once, and most requests have one. */
const countedBytes = 16 * 1024;

export type InFlight = ReturnType<typeof createInFlight>;

/** Holds back bodies and answers that would take up too much memory at once, of one caller or of all. */
export function createInFlight() {
  // An upload is in memory up to three times while it is checked and stored.
  const uploads = createByteBudget({ total: 40 * mebibyte, each: 16 * mebibyte });
  const bodies = createByteBudget({ total: 16 * mebibyte, each: 2 * mebibyte });
  const answers = createByteBudget({ total: 64 * mebibyte, each: 20 * mebibyte });

  return {
    /**
     * To be called before the body is read; it waits for room, while the bytes stay with the sender. Resolves
     * to a function that gives the room back. Throws `overloaded`.
     */
    async takeBody({ headers }: Request, { multipart }: Endpoint, caller: string): Promise<() => void> {
      const isForm =
        multipart !== undefined && /^multipart\/form-data\b/i.test(headers['content-type'] ?? '');
      const most = isForm ? maxFormBytes : maxJsonBytes;
      const declared = Number(headers['content-length'] ?? most);
      return (isForm ? uploads : bodies).take(caller, Math.min(declared, most));
    },

    /**
     * Waits for room for an answer of so many bytes, which is held until the answer is closed.
     * Throws `overloaded`.
     */
    async holdAnswer(response: Response, bytes: number, caller: string): Promise<void> {
      if (bytes < countedBytes) return;
      const release = await answers.take(caller, bytes);
      if (response.closed || response.destroyed) return release();
      response.once('close', release);
    },
  };
}
