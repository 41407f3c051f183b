import { endpoints, type Post, pathOf } from '@signet/contracts';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useRef, useState } from 'react';
import { useAuth, useStoredSession } from '../../session/auth-context.tsx';
import { useBlobUrl } from '../../ui/blob-url.ts';
import { lazyPart } from '../../ui/lazy-part.ts';
import { useNearScreen } from '../../ui/near-screen.ts';
import { queries, useCall } from '../queries.ts';
import { ImageFrame, type ImageSize, imageClass } from './image-frame.tsx';

const ImageDialog = lazyPart(() => import('./image-dialog.tsx'), 'ImageDialog');

type ImageProps = { post: Post; image: string; size: ImageSize | undefined };

const failure = 'The image could not be loaded.';

/** A post's image, loaded in the way of the current flow. In a form it has the frame of a new image. */
export function PostImage({ post, isInForm = false }: { post: Post; isInForm?: boolean }) {
  const carrier = useStoredSession()?.carrier;
  if (post.image === null || !carrier) return null;
  const ShownImage = carrier === 'bearer' ? FetchedImage : RequestedImage;
  // The key resets the state, because the last image's failure or URL says nothing about the next one.
  const size = isInForm ? undefined : sizeOf(post);
  return <ShownImage key={post.image} post={post} image={post.image} size={size} />;
}

function sizeOf({ image_width: width, image_height: height }: Post): ImageSize | undefined {
  return width !== null && height !== null ? { width, height } : undefined;
}

/** What a screen reader says for the image: its author, and the beginning of the text that was written for it. */
function describe({ author, note }: Post): string {
  const words = note.trim().replaceAll(/\s+/g, ' ');
  const text = words.length > 120 ? `${words.slice(0, 120)}…` : words;
  return `Image posted by ${author.name}${text && `: ${text}`}`;
}

/** An `<img>` sends no Authorization header, so script fetches the bytes and shows them from memory. */
function FetchedImage({ post, image, size }: ImageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const isNear = useNearScreen(frame);
  const bytes = useQuery({ ...queries.postImage(useCall(), post.id, image), enabled: isNear });
  const url = useBlobUrl(bytes.data);
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const [isOpen, setIsOpen] = useState(false);
  const isFailed = bytes.isError || (url !== undefined && url === brokenUrl);
  return (
    <>
      <ImageFrame
        ref={frame}
        size={size}
        status={isFailed ? 'failed' : url ? 'shown' : 'loading'}
        problem={failure}
        onRetry={() => bytes.refetch()}
        onOpen={() => setIsOpen(true)}
      >
        {url && (
          <img src={url} alt={describe(post)} onError={() => setBrokenUrl(url)} className={imageClass} />
        )}
      </ImageFrame>
      {isOpen && url && <FullImage src={url} post={post} onClose={() => setIsOpen(false)} />}
    </>
  );
}

type Attempt = { number: number; status: 'loading' | 'shown' | 'failed' };

/** The browser loads it like any image and adds the cookie. */
function RequestedImage({ post, image, size }: ImageProps) {
  const { apiUrl, call } = useAuth();
  const [attempt, setAttempt] = useState<Attempt>({ number: 1, status: 'loading' });
  const [isOpen, setIsOpen] = useState(false);
  const tryAgain = async () => {
    setAttempt(({ number }) => ({ number: number + 1, status: 'loading' }));
  };
  const fail = async () => {
    if (attempt.number > 1) return setAttempt({ ...attempt, status: 'failed' });
    // An image request cannot refresh an expired token, a call can: make one, then load the image once more.
    await call(endpoints.readPost, { params: { id: post.id } }).then(tryAgain, () =>
      setAttempt({ ...attempt, status: 'failed' }),
    );
  };
  return (
    <>
      <ImageFrame
        size={size}
        status={attempt.status}
        problem={failure}
        onRetry={tryAgain}
        onOpen={() => setIsOpen(true)}
      >
        <img
          key={attempt.number}
          src={imageUrl(apiUrl, post.id, image)}
          alt={describe(post)}
          loading="lazy"
          // Sends the cookie to an API on another origin, and shows the answer only if CORS grants it.
          crossOrigin="use-credentials"
          onLoad={() => setAttempt({ ...attempt, status: 'shown' })}
          onError={fail}
          className={imageClass}
        />
      </ImageFrame>
      {isOpen && (
        <FullImage src={imageUrl(apiUrl, post.id, image)} post={post} onClose={() => setIsOpen(false)} />
      )}
    </>
  );
}

/** The image that the frame shows, from the browser's cache: the address is the same. */
function FullImage({ src, post, onClose }: { src: string; post: Post; onClose: () => void }) {
  return (
    <Suspense>
      <ImageDialog title={`Image posted by ${post.author.name}`} onClose={onClose}>
        <img
          src={src}
          alt={describe(post)}
          crossOrigin="use-credentials"
          className="max-h-[calc(100dvh-2.25rem)] max-w-full rounded-xl object-contain"
        />
      </ImageDialog>
    </Suspense>
  );
}

/** The API ignores `v`; it keeps the browser from showing the post's last image from its cache. */
function imageUrl(apiUrl: string, postId: number, image: string): string {
  const url = new URL(pathOf(endpoints.readPostImage, { id: postId }), apiUrl);
  url.searchParams.set('v', image.slice(0, 8));
  return url.href;
}
