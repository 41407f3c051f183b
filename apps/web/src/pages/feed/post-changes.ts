import { endpoints, type Post } from '@signet/contracts';
import { useState } from 'react';
import { useAuth } from '../../session/auth-context.tsx';
import { notify } from '../../ui/toasts.ts';
import { useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';
import { usePostCache } from './post-cache.ts';
import type { Draft } from './post-form.tsx';

/**
 * Deletes the post at the API, then in the cached list. `offerUndo` does so when the toast's Undo was not taken: after a
 * few seconds, or when the reader leaves the feed.
 */
export function useRemovePost({ id }: Post) {
  const call = useCall();
  const posts = usePostCache();
  const [isWaiting, setIsWaiting] = useState(false);
  const remove = useSubmit({
    mutationFn: () => call(endpoints.deletePost, { params: { id } }),
    onSuccess: () => posts.remove(id),
  });
  const offerUndo = () => {
    setIsWaiting(true);
    notify('Post deleted', {
      label: 'Undo',
      onTake: () => setIsWaiting(false),
      onPass: () => {
        setIsWaiting(false);
        return remove.finish();
      },
    });
  };
  return {
    ...remove,
    isWaiting,
    isGone: isWaiting || remove.isPending || remove.isSuccess,
    offerUndo,
  };
}

/** Saves an edit. `sent` is how much of a new image has been sent, from 0 to 1. */
export function useUpdatePost(
  { id }: Post,
  { onSaved, onError }: { onSaved: () => void; onError: () => void },
) {
  const { callWithProgress } = useAuth();
  const posts = usePostCache();
  const [sent, setSent] = useState(0);
  const update = useSubmit({
    mutationFn: ({ note, image }: Draft) => {
      if (!(image instanceof File)) {
        return callWithProgress()(endpoints.updatePost, {
          params: { id },
          body: { note, ...(image === null && { image: null }) },
        });
      }
      setSent(0);
      return callWithProgress(setSent)(endpoints.updatePost, {
        params: { id },
        body: { note },
        image,
      });
    },
    onSuccess: (post) => {
      posts.replace(post);
      onSaved();
      notify('Post saved');
    },
    onError,
  });
  return { ...update, sent };
}
