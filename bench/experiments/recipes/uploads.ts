import { deflateSync } from 'node:zlib';
import { secret, withMetadata } from '../../../apps/api/test/image-metadata.ts';
import { pngOf, sampleImages } from '../../../apps/api/test/image-samples.ts';
import { json } from '../../rig/calls.ts';
import { formHeaders, formOf, pictureOf } from '../../rig/pictures.ts';
import { type Group, type Scene, told } from './recipe.ts';

const upload = (scene: Scene, token: string, image: Buffer) =>
  scene.call('POST', '/api/posts', { token, headers: formHeaders, body: formOf('an image', image) });

/** Files that are not what they seem. */
export const uploads: Group = {
  name: 'uploads',
  recipes: [
    {
      tried: 'images of 16 000 × 16 000 and 60 000 × 60 000 pixels in a few bytes, and one without a pixel',
      expected: '400 invalid_request, 400 invalid_request, 400 invalid_request',
      async run(scene) {
        const { token } = await scene.newUser();
        const pixels = deflateSync(Buffer.alloc(1000));
        const sizes = [
          [16_000, 16_000],
          [60_000, 60_000],
          [0, 1],
        ] as const;
        const answers = await Promise.all(
          sizes.map(([width, height]) => upload(scene, token, pngOf(width, height, pixels))),
        );
        return answers.map(told).join(', ');
      },
    },
    {
      tried: 'the position in a photo of each format is read back by another user',
      expected: 'png 0 times, jpeg 0 times, gif 0 times, webp 0 times',
      async run(scene) {
        const [owner, reader] = [await scene.newUser(), await scene.newUser()];
        const found: string[] = [];
        for (const [mediaType, image] of Object.entries(sampleImages) as [
          keyof typeof sampleImages,
          Buffer,
        ][]) {
          const answer = await upload(scene, owner.token, withMetadata(image, mediaType, 6));
          const { id } = json<{ id: number }>(answer);
          const stored = await scene.call('GET', `/api/posts/${id}/image`, { token: reader.token });
          const times = stored.status === 200 ? stored.text.split(secret).length - 1 : stored.status;
          found.push(`${mediaType.slice('image/'.length)} ${times} times`);
        }
        return found.join(', ');
      },
    },
    {
      tried: 'a page, an SVG and a script as an image, a PNG that is cut off, one of 5 MiB and a byte',
      expected:
        '415 unsupported_media_type, 415 unsupported_media_type, 415 unsupported_media_type, 400 invalid_request, 413 body_too_large',
      async run(scene) {
        const { token } = await scene.newUser();
        const texts = [
          '<!doctype html><script>alert(1)</script>',
          '<svg xmlns="http://www.w3.org/2000/svg"/>',
          'alert(1)',
        ];
        const files = [
          ...texts.map((text) => Buffer.from(text)),
          pictureOf(500).subarray(0, 400),
          pictureOf(5 * 1024 * 1024 + 1),
        ];
        const answers = [];
        for (const file of files) answers.push(await upload(scene, token, file));
        return answers.map(told).join(', ');
      },
    },
    {
      tried: 'the answer with an image is opened as a page',
      expected: 'nosniff, sandboxed, inline under a name of the API, not cached by others',
      async run(scene) {
        const { token } = await scene.newUser();
        const { headers } = await scene.call('GET', '/api/posts/1/image', { token });
        const holds = [
          headers['x-content-type-options'] === 'nosniff',
          String(headers['content-security-policy']).includes('sandbox'),
          /^inline; filename="[\w.-]+"$/.test(String(headers['content-disposition'])),
          /private|no-store/.test(String(headers['cache-control'])),
        ];
        return holds.every(Boolean)
          ? 'nosniff, sandboxed, inline under a name of the API, not cached by others'
          : JSON.stringify(headers);
      },
    },
  ],
};
