import type { Carrier, EndpointKey } from '@signet/contracts';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, test } from 'vitest';
import { type FakeApi, problem } from './fake-api.ts';
import { niko, renderApp, signOut, toby } from './render-app.tsx';

/** Blob URLs that have not been revoked. */
const liveUrls = new Set<string>();

beforeEach(() => {
  liveUrls.clear();
  let made = 0;
  Object.assign(URL, {
    createObjectURL: () => {
      made += 1;
      liveUrls.add(`blob:${made}`);
      return `blob:${made}`;
    },
    revokeObjectURL: (url: string) => liveUrls.delete(url),
  });
});

const imageFile = (name = 'image.png', bytes: BlobPart = 'bytes', type = 'image/png') =>
  new File([bytes], name, { type });

function addPost(api: FakeApi, uid: string, note: string, image?: Blob) {
  const author = api.people.find((each) => each.uid === uid);
  if (author) api.feed.addPost(author, note, image);
}

const postOf = async (name: string) =>
  within(await screen.findByRole('article', { name: `Post by ${name}` }));
/** The composer, opened if it is not: at first it is one line. */
const composer = async () => {
  await screen.findByRole('heading', { level: 1, name: 'Feed' });
  const door = screen.queryByRole('button', { name: 'Write a post…' });
  if (door) fireEvent.click(door);
  return within(await screen.findByRole('form', { name: 'New post' }));
};
/** Fills in the hidden file input, as the file dialog behind the button does. */
const chooseFile = async (file: File) =>
  fireEvent.change((await composer()).getByLabelText('Image', { selector: 'input' }), {
    target: { files: [file] },
  });

describe('the feed', () => {
  test('posts are listed newest first, with their spaces and tabs', async () => {
    await renderApp({
      path: '/feed',
      signedInAs: niko,
      prepare: (api) => {
        addPost(api, 'toby', 'first');
        addPost(api, 'niko', 'two  spaces\n\tand a tab');
      },
    });
    const notes = (await screen.findAllByRole('article')).map(
      (article) => article.querySelector('p[dir]')?.textContent,
    );
    expect(notes).toEqual(['two  spaces\n\tand a tab', 'first']);
    expect(
      within(screen.getByRole('navigation')).getByRole('link', { name: 'Feed' }).getAttribute('aria-current'),
    ).toBe('page');
  });

  test('the feed loads one page at a time', async () => {
    const prepare = (api: FakeApi) => {
      for (let index = 1; index <= 25; index += 1) addPost(api, 'toby', `note ${index}`);
    };
    const { user } = await renderApp({ path: '/feed', signedInAs: niko, prepare });
    await screen.findByText('note 6');
    expect(screen.queryByText('note 5')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Load more posts' }));
    await screen.findByText('note 1');
    expect(screen.queryByRole('button', { name: 'Load more posts' })).toBeNull();
  });

  test('an empty feed says that there are no posts', async () => {
    await renderApp({ path: '/feed', signedInAs: niko });
    expect(await screen.findByText('No posts yet')).toBeTruthy();
  });

  test('a feed that cannot be loaded can be tried again', async () => {
    const { api, user } = await renderApp({
      path: '/feed',
      signedInAs: niko,
      prepare: (api) => {
        addPost(api, 'toby', 'here again');
        api.respond('listPosts', () => problem('internal'));
      },
    });
    const button = await screen.findByRole('button', { name: 'Try again' });
    api.restore('listPosts');
    await user.click(button);
    expect(await screen.findByText('here again')).toBeTruthy();
  });

  test('a long note is shortened until the user asks for more', async () => {
    const { user } = await renderApp({
      path: '/feed',
      signedInAs: niko,
      prepare: (api) => addPost(api, 'toby', 'line\n'.repeat(40)),
    });
    const button = await screen.findByRole('button', { name: 'Show more' });
    expect(button.getAttribute('aria-expanded')).toBe('false');
    await user.click(button);
    expect(screen.getByRole('button', { name: 'Show less' }).getAttribute('aria-expanded')).toBe('true');
  });
});

describe('an image', () => {
  const open = (carrier: Carrier, prepare?: (api: FakeApi) => void) =>
    renderApp({
      path: '/feed',
      signedInAs: { uid: 'niko', carrier },
      prepare: (api) => {
        addPost(api, 'toby', 'look', imageFile());
        prepare?.(api);
      },
    });
  const findImage = () =>
    screen.findByRole<HTMLImageElement>('img', { name: 'Image posted by Thomas Edison: look' });

  test('with the bearer flow an image is fetched with the token, and its blob URL is revoked with the page', async () => {
    const { api, user } = await open('bearer');
    const image = await findImage();
    expect(liveUrls).toContain(image.src);
    expect(api.callsOf('readPostImage')[0]?.request.headers.get('authorization')).toMatch(/^Bearer /);
    await user.click(screen.getByRole('link', { name: 'Players' }));
    await screen.findByRole('heading', { name: 'Players' });
    await waitFor(() => expect([...liveUrls]).toEqual([]));
  });

  test('how an image is loaded leads to its requests in the exchange log, and the log stays narrowed to them', async () => {
    const { user } = await open('bearer');
    await findImage();
    const [door] = screen.getAllByRole('link', { name: 'Show the image requests' });
    if (door) await user.click(door);
    const list = within(await screen.findByRole('list', { name: 'Calls, the newest first' }));
    const rows = () => list.getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(rows()).toEqual([expect.stringMatching(/^GET \/api\/posts\/:id\/image/)]);
    await user.click(list.getByRole('link'));
    await screen.findByRole('heading', { level: 1, name: /image, 200$/ });
    expect(window.location.search).toBe('?path=/image');
    expect(rows()).toHaveLength(1);
  });

  test.each(['bearer', 'cookie'] as const)(
    'with the %s flow an image has a place in its own ratio before it is loaded, and after its size was never noted a fixed one',
    async (carrier) => {
      await open(carrier, (api) => {
        addPost(api, 'niko', 'older', imageFile());
        Object.assign(api.feed.posts[0] ?? {}, { image_width: null, image_height: null });
        // A place must not depend on bytes that never come.
        api.respond('readPostImage', () => new Promise(() => {}));
      });
      const [older, look] = await screen.findAllByRole('article');
      const frameIn = (article: HTMLElement | undefined) =>
        article?.querySelector<HTMLElement>('.bg-sunken:has([role=status])');
      expect(frameIn(look)?.style.aspectRatio).toBe('1200 / 600');
      expect(frameIn(older)?.style.aspectRatio).toBe('');
      expect(frameIn(older)?.className).toMatch(/\bh-56\b/);
    },
  );

  test('with the bearer flow an image that cannot be loaded can be loaded again', async () => {
    const { api, user } = await open('bearer', (api) =>
      api.respond('readPostImage', () => problem('not_found')),
    );
    const button = await screen.findByRole('button', { name: 'Load the image again' });
    api.restore('readPostImage');
    await user.click(button);
    await findImage();
  });

  test('with the cookie flow the browser itself loads an image, with credentials', async () => {
    const { api } = await open('cookie');
    const image = await findImage();
    expect(image.src).toMatch(/^http:\/\/localhost:8086\/api\/posts\/1\/image/);
    expect(image.crossOrigin).toBe('use-credentials');
    expect(screen.getByText('Loading the image')).toBeTruthy();
    fireEvent.load(image);
    expect(screen.queryByText('Loading the image')).toBeNull();
    expect(api.callsOf('readPostImage')).toEqual([]);
    expect([...liveUrls]).toEqual([]);
  });

  test('with the cookie flow an image is loaded once more after the token was refreshed', async () => {
    const { api } = await open('cookie');
    const refused = await findImage();
    api.expireTokens(undefined);
    fireEvent.error(refused);
    await waitFor(async () => expect(await findImage()).not.toBe(refused));
    expect(api.callsOf('refreshSession')).toHaveLength(1);
    fireEvent.error(await findImage());
    expect(await screen.findByRole('button', { name: 'Load the image again' })).toBeTruthy();
  });
});

describe('one post', () => {
  const prepare = (api: FakeApi) => addPost(api, 'niko', 'by niko', imageFile());

  test('a post has an address of its own, which its link leads to', async () => {
    const { user } = await renderApp({ path: '/feed', signedInAs: toby, prepare });
    await user.click(await screen.findByRole('link', { name: 'Link to the post by Nicholas Tesla' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Post by Nicholas Tesla' })).toBeTruthy();
    expect(screen.getByText('by niko')).toBeTruthy();
    await user.click(screen.getByRole('link', { name: 'All posts' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'Feed' })).toBeTruthy();
  });

  test.each(['/feed/9999', '/feed/mistyped'])('the address %s of no post says so', async (path) => {
    await renderApp({ path, signedInAs: toby });
    expect(await screen.findByText('No such post')).toBeTruthy();
  });

  test('an image opens in full size, and Escape returns the focus to it', async () => {
    const { user } = await renderApp({ path: '/feed', signedInAs: niko, prepare });
    const open = await screen.findByRole('button', { name: 'Show the image in full size' });
    await user.click(open);
    expect(await screen.findByRole('dialog', { name: 'Image posted by Nicholas Tesla' })).toBeTruthy();
    await user.keyboard('{Escape}');
    await waitFor(() => expect(document.activeElement).toBe(open));
  });
});

describe('composing', () => {
  test('the composer is one line until it is opened, and then has the focus', async () => {
    const { user } = await renderApp({ path: '/feed', signedInAs: niko });
    await user.click(await screen.findByRole('button', { name: 'Write a post…' }));
    const note = await screen.findByLabelText('Note');
    await waitFor(() => expect(document.activeElement).toBe(note));
  });

  test('posting a note empties the form', async () => {
    const { user } = await renderApp({ path: '/feed', signedInAs: niko });
    await user.type((await composer()).getByLabelText('Note'), 'Hello there');
    await user.click((await composer()).getByRole('button', { name: 'Post' }));
    expect((await postOf('Nicholas Tesla')).getByText('Hello there')).toBeTruthy();
    expect((await composer()).getByLabelText<HTMLTextAreaElement>('Note').value).toBe('');
  });

  test('an empty note is refused without a request', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko });
    await user.click((await composer()).getByRole('button', { name: 'Post' }));
    expect(await screen.findByText('Note is missing')).toBeTruthy();
    expect(api.callsOf('createPost')).toEqual([]);
  });

  test('a note that is too long is announced, and refused without a request', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko });
    fireEvent.change((await composer()).getByLabelText('Note'), { target: { value: 'x'.repeat(10_001) } });
    expect(await screen.findByText('The note is too long')).toBeTruthy();
    await user.click((await composer()).getByRole('button', { name: 'Post' }));
    expect(await screen.findByText('Note is more than 10000 characters')).toBeTruthy();
    expect(api.callsOf('createPost')).toEqual([]);
  });

  test('posting an image revokes the blob URL of its preview', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: { uid: 'niko', carrier: 'cookie' } });
    await user.type((await composer()).getByLabelText('Note'), 'Look');
    await chooseFile(imageFile());
    expect(await screen.findByRole('img', { name: 'Preview of image.png' })).toBeTruthy();
    await user.click((await composer()).getByRole('button', { name: 'Post' }));
    expect((await postOf('Nicholas Tesla')).getByRole('img')).toBeTruthy();
    expect(api.callsOf('createPost')[0]?.body.image).toBeInstanceOf(File);
    await waitFor(() => expect([...liveUrls]).toEqual([]));
  });

  test('an image can be dropped and pasted, and removed again', async () => {
    const { user } = await renderApp({ path: '/feed', signedInAs: niko });
    await composer();
    const form = await screen.findByRole('form', { name: 'New post' });
    fireEvent.drop(form, { dataTransfer: { files: [imageFile('dropped.png')], types: ['Files'] } });
    expect(await screen.findByRole('img', { name: 'Preview of dropped.png' })).toBeTruthy();
    fireEvent.paste(within(form).getByLabelText('Note'), {
      clipboardData: { files: [imageFile('pasted.png')], types: ['Files'] },
    });
    expect(await screen.findByRole('img', { name: 'Preview of pasted.png' })).toBeTruthy();
    expect(liveUrls.size).toBe(1);
    await user.click(screen.getByRole('button', { name: 'Remove the image' }));
    expect(screen.queryByRole('img')).toBeNull();
    await waitFor(() => expect([...liveUrls]).toEqual([]));
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Add an image' }));
  });

  test.each([
    ['of another kind', imageFile('notes.txt', 'x', 'text/plain'), /notes\.txt cannot be posted/],
    [
      'that is too large',
      imageFile('huge.png', new Uint8Array(5 * 1024 * 1024 + 1)),
      /huge\.png is too large \(5\.1 MiB\)\. The limit is 5 MiB/,
    ],
    ['without bytes', imageFile('empty.png', ''), /empty\.png is empty/],
  ])('the composer refuses a file %s', async (_, file, message) => {
    await renderApp({ path: '/feed', signedInAs: niko });
    await chooseFile(file);
    expect((await screen.findByRole('alert')).textContent).toMatch(message);
    expect(screen.queryByRole('img')).toBeNull();
  });

  test('the composer refuses a file of an image type that cannot be decoded', async () => {
    await renderApp({ path: '/feed', signedInAs: niko });
    await chooseFile(imageFile('fake.png'));
    fireEvent.error(await screen.findByRole('img', { name: 'Preview of fake.png' }));
    expect((await screen.findByRole('alert')).textContent).toMatch(/fake\.png is not an image/);
    expect(screen.queryByRole('img')).toBeNull();
  });

  test('a post that the API refuses keeps its text in the form', async () => {
    const { user } = await renderApp({
      path: '/feed',
      signedInAs: niko,
      prepare: (api) =>
        api.respond('createPost', () =>
          problem('unsupported_media_type', 'The image must be PNG, JPEG, GIF or WebP'),
        ),
    });
    await user.type((await composer()).getByLabelText('Note'), 'Not lost');
    await user.click((await composer()).getByRole('button', { name: 'Post' }));
    expect(await screen.findByText('The image must be PNG, JPEG, GIF or WebP')).toBeTruthy();
    expect((await composer()).getByLabelText<HTMLTextAreaElement>('Note').value).toBe('Not lost');
  });
});

/** Delays the API's answer until the returned function is called. */
function hold(api: FakeApi, key: EndpointKey) {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  api.delay(key, released);
  return () => release();
}

describe('changing', () => {
  const prepare = (api: FakeApi) => {
    addPost(api, 'toby', 'by toby');
    addPost(api, 'niko', 'by niko', imageFile());
  };

  test('a user can edit their own posts only', async () => {
    await renderApp({ path: '/feed', signedInAs: niko, prepare });
    expect(
      await (await postOf('Nicholas Tesla')).findByRole('button', {
        name: 'Edit the post by Nicholas Tesla',
      }),
    ).toBeTruthy();
    expect((await postOf('Thomas Edison')).queryByRole('button', { name: /^(Edit|Delete)/ })).toBeNull();
  });

  test('an admin can edit and delete any post', async () => {
    await renderApp({ path: '/feed', signedInAs: toby, prepare });
    expect(
      await (await postOf('Nicholas Tesla')).findByRole('button', {
        name: 'Delete the post by Nicholas Tesla',
      }),
    ).toBeTruthy();
  });

  test('an edit shows at once, and can remove the image', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko, prepare });
    const answer = hold(api, 'updatePost');
    await user.click(await screen.findByRole('button', { name: 'Edit the post by Nicholas Tesla' }));
    const form = within(await screen.findByRole('form', { name: 'Edit post' }));
    await waitFor(() => expect(document.activeElement).toBe(form.getByLabelText('Note')));
    await user.clear(form.getByLabelText('Note'));
    await user.type(form.getByLabelText('Note'), 'better');
    await user.click(form.getByRole('button', { name: 'Remove the image' }));
    await user.click(form.getByRole('button', { name: 'Save changes' }));
    expect(await screen.findByText('better')).toBeTruthy();
    expect(screen.getByText('Saving…')).toBeTruthy();
    answer();
    expect(await screen.findByText(/edited/)).toBeTruthy();
    expect(api.callsOf('updatePost')[0]?.body).toEqual({ note: 'better', image: null });
    expect(screen.queryByRole('img')).toBeNull();
  });

  test('a refused edit is rolled back, and its text stays in the form', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko, prepare });
    api.respond('updatePost', () => problem('forbidden', 'Only the owner and admins may do this'));
    await user.click(await screen.findByRole('button', { name: 'Edit the post by Nicholas Tesla' }));
    const form = () => within(screen.getByRole('form', { name: 'Edit post' }));
    await user.type(form().getByLabelText('Note'), ', changed');
    await user.click(form().getByRole('button', { name: 'Save changes' }));
    expect(await screen.findByText('Not saved')).toBeTruthy();
    expect(screen.getByText('Only the owner and admins may do this')).toBeTruthy();
    expect(form().getByLabelText<HTMLTextAreaElement>('Note').value).toBe('by niko, changed');
    await user.click(form().getByRole('button', { name: 'Cancel' }));
    expect(screen.getByText('by niko')).toBeTruthy();
    expect(document.activeElement).toBe(
      screen.getByRole('button', { name: 'Edit the post by Nicholas Tesla' }),
    );
  });

  const deletePost = async (user: Awaited<ReturnType<typeof renderApp>>['user']) =>
    user.click(await screen.findByRole('button', { name: 'Delete the post by Nicholas Tesla' }));
  const leave = () => window.dispatchEvent(new Event('pagehide'));

  test('a deleted post disappears at once, and Undo brings it back without a request', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko, prepare });
    await deletePost(user);
    expect(screen.queryByText('by niko')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('heading', { name: 'Posts' }));
    expect(await screen.findByText('Post deleted')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByText('by niko')).toBeTruthy();
    leave();
    expect(api.callsOf('deletePost')).toEqual([]);
  });

  test('a deleted post is deleted at the API once, when its reader leaves', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko, prepare });
    await deletePost(user);
    expect(api.callsOf('deletePost')).toEqual([]);
    leave();
    leave();
    await waitFor(() => expect(api.feed.posts.map(({ note }) => note)).toEqual(['by toby']));
    expect(api.callsOf('deletePost')).toHaveLength(1);
  });

  test('a deletion that waits for an Undo is sent before the session ends', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko, prepare });
    await deletePost(user);
    await signOut(user);
    expect(await screen.findByText('You are signed out')).toBeTruthy();
    expect(api.feed.posts.map(({ note }) => note)).toEqual(['by toby']);
  });

  test('a post that could not be deleted reappears with the reason, and can be deleted again', async () => {
    const { api, user } = await renderApp({ path: '/feed', signedInAs: niko, prepare });
    api.respond('deletePost', () => problem('not_ready', 'The database cannot be written'));
    await deletePost(user);
    leave();
    expect(await screen.findByText('Not deleted')).toBeTruthy();
    expect(screen.getByText('The database cannot be written')).toBeTruthy();
    expect(screen.getByText('by niko')).toBeTruthy();
    api.restore('deletePost');
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByText('by niko')).toBeNull());
    await waitFor(() => expect(api.feed.posts.map(({ note }) => note)).toEqual(['by toby']));
  });
});
