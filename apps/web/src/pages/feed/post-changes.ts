import { endpoints, type Post } from '@signet/contracts';
import { useState } from 'react';
import { useAuth } from '../../session/auth-context.tsx';
import { notify } from '../../ui/toasts.ts';
import { useCall } from '../queries.ts';
import { useSubmit } from '../use-submit.ts';
import { usePostCache } from './post-cache.ts';
import type { Draft } from './post-form.tsx';

/** Deletes the post at the API, then in the cached list. */
export function useRemovePost({ id }: Post) {
  const call = useCall();
  const posts = usePostCache();
  return useSubmit({
    mutationFn: () => call(endpoints.deletePost, { params: { id } }),
    onSuccess: () => {
      posts.remove(id);
      notify('Post deleted');
    },
  });
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
