import { endpoints, type Post, pathOf } from '@signet/contracts';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useAuth, useStoredSession } from '../../session/auth-context.tsx';
import { queries, useCall } from '../queries.ts';
import { useBlobUrl } from './blob-url.ts';
import { useNearScreen } from './near-screen.ts';
import { PictureFrame, pictureClass } from './picture-frame.tsx';

type PictureProps = { post: Post; image: string; alt: string };

const failure = 'The picture could not be loaded.';

/** A post's picture, by the flow that is signed in. */
export function PostPicture({ post }: { post: Post }) {
  const carrier = useStoredSession()?.carrier;
  if (post.image === null || !carrier) return null;
  const Picture = carrier === 'bearer' ? FetchedPicture : RequestedPicture;
  // Another picture starts anew: nothing that was learnt of the last one holds for it.
  return (
    <Picture key={post.image} post={post} image={post.image} alt={`Picture posted by ${post.author.name}`} />
  );
}

/** An `<img>` sends no Authorization header, so script fetches the bytes and shows them from memory. */
function FetchedPicture({ post, image, alt }: PictureProps) {
  const frame = useRef<HTMLDivElement>(null);
  const isNear = useNearScreen(frame);
  const picture = useQuery({ ...queries.postImage(useCall(), post.id, image), enabled: isNear });
  const url = useBlobUrl(picture.data);
  const [brokenUrl, setBrokenUrl] = useState<string>();
  const isFailed = picture.isError || (url !== undefined && url === brokenUrl);
  return (
    <PictureFrame
      ref={frame}
      status={isFailed ? 'failed' : url ? 'shown' : 'loading'}
      problem={failure}
      onRetry={() => picture.refetch()}
    >
      {url && <img src={url} alt={alt} onError={() => setBrokenUrl(url)} className={pictureClass} />}
    </PictureFrame>
  );
}

type Attempt = { number: number; status: 'loading' | 'shown' | 'failed' };

/** The browser asks for it like for any picture, and the cookie goes along. */
function RequestedPicture({ post, image, alt }: PictureProps) {
  const { apiUrl, call } = useAuth();
  const [attempt, setAttempt] = useState<Attempt>({ number: 1, status: 'loading' });
  const tryAgain = async () => {
    setAttempt(({ number }) => ({ number: number + 1, status: 'loading' }));
  };
  const fail = async () => {
    if (attempt.number > 1) return setAttempt({ ...attempt, status: 'failed' });
    // The browser cannot renew an expired session; a call can. After it the picture has a second chance.
    await call(endpoints.readPost, { params: { id: post.id } }).then(tryAgain, () =>
      setAttempt({ ...attempt, status: 'failed' }),
    );
  };
  return (
    <PictureFrame status={attempt.status} problem={failure} onRetry={tryAgain}>
      <img
        key={attempt.number}
        src={imageUrl(apiUrl, post.id, image)}
        alt={alt}
        loading="lazy"
        // Sends the cookie to an API on another origin, and shows the answer only if CORS grants it.
        crossOrigin="use-credentials"
        onLoad={() => setAttempt({ ...attempt, status: 'shown' })}
        onError={fail}
        className={pictureClass}
      />
    </PictureFrame>
  );
}

/** The picture's id is of no use to the API. It keeps the browser from showing the post's last picture for the new one. */
function imageUrl(apiUrl: string, postId: number, image: string): string {
  const url = new URL(pathOf(endpoints.readPostImage, { id: postId }), apiUrl);
  url.searchParams.set('v', image.slice(0, 8));
  return url.href;
}
