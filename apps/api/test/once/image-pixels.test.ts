import type { MediaType } from '@signet/contracts';
import { findChromium } from '@signet/rig';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImage } from '../../src/images/read-image.ts';
import { secret, withMetadata } from '../image-metadata.ts';
import { sampleImages } from '../image-samples.ts';

let browser: Browser;
let page: Page;
beforeAll(async () => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium: npx tsx tools/install-test-tools.ts');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  page = await browser.newPage();
});
afterAll(() => browser?.close());

/** An image of 7 × 5 pixels in many colours, some of them transparent, as Chromium writes it. */
async function paint(mediaType: MediaType): Promise<Buffer> {
  if (mediaType === 'image/gif') return sampleImages['image/gif'];
  const url = await page.evaluate((type) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [7, 5];
    const context = canvas.getContext('2d');
    for (let index = 0; context && index < 35; index += 1) {
      context.fillStyle = `hsl(${index * 10} 80% 50% / ${index % 5 === 0 ? 0.4 : 1})`;
      context.fillRect(index % 7, Math.floor(index / 7), 1, 1);
    }
    return canvas.toDataURL(type, 0.9);
  }, mediaType);
  expect(url.startsWith(`data:${mediaType};base64,`)).toBe(true);
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

/** The size and the pixels that a page shows, turned as the orientation says. */
function look(image: Buffer, mediaType: MediaType) {
  return page.evaluate(
    async (url) => {
      const element = new Image();
      element.src = url;
      await element.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [element.naturalWidth, element.naturalHeight];
      const context = canvas.getContext('2d');
      context?.drawImage(element, 0, 0);
      const data = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      return { width: canvas.width, height: canvas.height, pixels: [...data] };
    },
    `data:${mediaType};base64,${image.toString('base64')}`,
  );
}

describe.each(Object.keys(sampleImages) as MediaType[])('%s', (mediaType) => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'Chromium shows the same pixels with and without metadata, in the size that was read, orientation %i',
    async (orientation) => {
      const upload = withMetadata(await paint(mediaType), mediaType, orientation);
      const { bytes: stored, width, height } = readImage(upload);
      expect([upload.includes(secret), stored.includes(secret)]).toEqual([true, false]);
      const [before, after] = [await look(upload, mediaType), await look(stored, mediaType)];
      expect(after).toEqual(before);
      expect([width, height]).toEqual([after.width, after.height]);
      // Otherwise the orientation would not have been tried.
      if (mediaType === 'image/jpeg')
        expect([before.width, before.height]).toEqual(orientation > 4 ? [5, 7] : [7, 5]);
    },
  );

  test('Chromium shows the same pixels of an image that had no metadata', async () => {
    const upload = await paint(mediaType);
    expect(await look(readImage(upload).bytes, mediaType)).toEqual(await look(upload, mediaType));
  });
});
