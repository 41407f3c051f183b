import { folder, request } from './request.ts';
import { answers, check, isLocatedAt, json, keep, keepNextPage, refuses } from './script.ts';
import { createMember, deleteMember, signInAsAdmin, signInAsMember, signOut } from './steps.ts';

/** A GIF of one pixel. All its bytes are below 128, so that it does not change when it is sent as text. */
const gif = [
  0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0,
  0x3b,
];

const boundary = 'signet-boundary';

/** Line breaks in a multipart body are CR LF (RFC 2046, section 4.1.1), which an editor would not keep. */
function keepMultipart(note: string): string[] {
  return [
    `const gif = String.fromCharCode(${gif.join(', ')});`,
    keep(
      'multipart',
      `[
  '--${boundary}',
  'Content-Disposition: form-data; name="note"',
  '',
  ${JSON.stringify(note)},
  '--${boundary}',
  'Content-Disposition: form-data; name="image"; filename="pixel.gif"',
  'Content-Type: image/gif',
  '',
  gif,
  '--${boundary}--',
  '',
].join('\\r\\n')`,
    ),
  ];
}

export const posts = folder(
  'Posts',
  `Notes with or without an image. Every signed-in user reads them. Their author and admins change them.

An image travels as \`multipart/form-data\`, in a part named \`image\`: PNG, JPEG, GIF or WebP, at most 5 MiB. The API recognises the format by the bytes, never by the name.`,
  [
    signInAsAdmin(),
    createMember(),
    signInAsMember(
      'Sign in as that user',
      { token: 'member_token' },
      'The posts of this folder belong to this user.',
    ),
    request({
      name: 'Write a post (JSON)',
      endpoint: 'createPost',
      about: 'A note without an image is plain JSON.',
      bearer: 'member_token',
      json: { note: 'Written in Postman' },
      tests: [
        answers(201),
        check('Location is the address of the new post', isLocatedAt('readPost')),
        check(
          'it belongs to the user of this run, and has no image',
          `pm.expect(${json}.user_id).to.eql(Number(pm.variables.get('member_id')));`,
          `pm.expect(${json}.image).to.eql(null);`,
        ),
        keep('post_id', `${json}.id`),
      ],
    }),
    request({
      name: 'Write a post (form-data tab)',
      endpoint: 'createPost',
      about:
        'The same as a form, under **Body → form-data**. To send an image of yours, tick the row `image` and choose a file. Leave the Content-Type to Postman, because Postman chooses the boundary between the parts.',
      bearer: 'member_token',
      form: [
        { key: 'note', value: 'Written in a form', about: 'The text' },
        { key: 'image', isFile: true, disabled: true, about: 'Tick this row and choose a file' },
      ],
      tests: [
        answers(201),
        check('the note arrived', `pm.expect(${json}.note).to.eql('Written in a form');`),
      ],
    }),
    request({
      name: 'Write a post with an image (by hand)',
      endpoint: 'createPost',
      about:
        'What the form-data tab sends, built by hand in the **pre-request script**: two parts with a boundary between them. The image is a GIF of one pixel, which fits into the script, so that this runs without a file.',
      bearer: 'member_token',
      before: keepMultipart('With an image'),
      raw: { type: `multipart/form-data; boundary=${boundary}`, text: '{{multipart}}' },
      tests: [
        answers(201),
        check(
          'the id of the image is the SHA-256 of its bytes',
          `pm.expect(${json}.image).to.match(/^[0-9a-f]{64}$/);`,
        ),
        keep('image_post_id', `${json}.id`),
      ],
    }),
    request({
      name: 'See the image',
      endpoint: 'readPostImage',
      params: { id: '{{image_post_id}}' },
      about:
        'The bytes, with headers that make a hostile image harmless: `nosniff`, a Content-Security-Policy that allows nothing, and a file name.',
      bearer: 'member_token',
      tests: [
        answers(200),
        check(
          'browsers treat it as a GIF and as nothing else',
          "pm.expect(pm.response.headers.get('Content-Type')).to.eql('image/gif');",
          "pm.expect(pm.response.headers.get('X-Content-Type-Options')).to.eql('nosniff');",
          "pm.expect(pm.response.headers.get('Content-Security-Policy')).to.include('sandbox');",
          "pm.expect(pm.response.headers.has('Content-Disposition')).to.eql(true);",
        ),
        check('the answer has all bytes', `pm.expect(pm.response.stream.length).to.eql(${gif.length});`),
        keep('etag', "pm.response.headers.get('ETag')"),
      ],
    }),
    request({
      name: 'See the image again: not modified',
      endpoint: 'readPostImage',
      params: { id: '{{image_post_id}}' },
      about:
        'With the `ETag` of the last answer in `If-None-Match` the answer is 304 without a body, because the image has not changed. Postman would add `Cache-Control: no-cache`, which asks for the bytes in any case, so this request sets another value.',
      bearer: 'member_token',
      headers: { 'If-None-Match': '{{etag}}', 'Cache-Control': 'max-age=0' },
      tests: [answers(304)],
    }),
    request({
      name: 'List posts',
      endpoint: 'listPosts',
      query: { limit: 1 },
      about: 'Newest first, paged like every list.',
      bearer: 'member_token',
      tests: [
        answers(200),
        check(
          'one post with its author, and more to come',
          `pm.expect(${json}).to.have.lengthOf(1);`,
          `pm.expect(${json}[0].author).to.have.all.keys('uid', 'name');`,
          "pm.expect(pm.response.headers.get('Link')).to.include('rel=\"next\"');",
        ),
        keep('first_id', `${json}[0].id`),
        keepNextPage('next_page'),
      ],
    }),
    request({
      name: 'List posts, the next page',
      endpoint: 'listPosts',
      query: { limit: 1, after: '{{next_page}}' },
      about: 'Posts older than the first.',
      bearer: 'member_token',
      tests: [
        answers(200),
        check(
          'the page continues below the first post',
          `pm.expect(${json}[0].id).to.be.below(Number(pm.variables.get('first_id')));`,
        ),
      ],
    }),
    request({
      name: 'Read a post',
      endpoint: 'readPost',
      params: { id: '{{post_id}}' },
      about: 'One post, with its author.',
      bearer: 'member_token',
      tests: [
        answers(200),
        check(
          'written by the user of this run',
          `pm.expect(${json}.author.uid).to.eql(pm.variables.get('member_uid'));`,
        ),
      ],
    }),
    request({
      name: 'Change a post',
      endpoint: 'updatePost',
      params: { id: '{{post_id}}' },
      about: 'Users change their own posts. Admins change every post.',
      bearer: 'member_token',
      json: { note: 'Changed in Postman' },
      tests: [
        answers(200),
        check('the note has changed', `pm.expect(${json}.note).to.eql('Changed in Postman');`),
      ],
    }),
    request({
      name: 'Remove the image',
      endpoint: 'updatePost',
      params: { id: '{{image_post_id}}' },
      about: 'JSON can only remove the image, with `null`. To replace it, send a form.',
      bearer: 'member_token',
      json: { image: null },
      tests: [
        answers(200),
        check(
          'it has no image, and still has its note',
          `pm.expect(${json}.image).to.eql(null);`,
          `pm.expect(${json}.note).to.eql('With an image');`,
        ),
      ],
    }),
    request({
      name: 'A post without a note: refused',
      endpoint: 'createPost',
      about: 'The issues say which member breaks which rule.',
      bearer: 'member_token',
      json: { note: '' },
      tests: [
        refuses(400, 'invalid_request'),
        check('the issue names the note', `pm.expect(${json}.issues[0].path).to.eql('note');`),
      ],
    }),
    request({
      name: 'Delete a post',
      endpoint: 'deletePost',
      params: { id: '{{post_id}}' },
      about: 'The other posts are deleted with their user, below.',
      bearer: 'member_token',
      tests: [answers(204)],
    }),
    deleteMember(),
    request({
      name: "The deleted user's posts are gone",
      endpoint: 'readPost',
      params: { id: '{{image_post_id}}' },
      about: 'The posts of a user are deleted with the user (on delete cascade).',
      bearer: 'token',
      tests: [refuses(404, 'not_found')],
    }),
    signOut(),
  ],
);
