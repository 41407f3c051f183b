import { endpoints } from '@signet/contracts';
import { useState } from 'react';
import { useAuth } from '../../session/auth-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { notify } from '../../ui/toasts.ts';
import { useDraft } from '../drafts.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { useSubmit } from '../use-submit.ts';
import { usePostCache } from './post-cache.ts';
import { type Draft, PostForm } from './post-form.tsx';

export function Composer({ hasFocus }: { hasFocus: boolean }) {
  const { callWithProgress } = useAuth();
  const posts = usePostCache();
  const draft = useDraft('new-post');
  const [sent, setSent] = useState(0);
  const [posted, setPosted] = useState(0);
  const create = useSubmit({
    mutationFn: ({ note, image }: Draft) => {
      if (!(image instanceof File)) return callWithProgress()(endpoints.createPost, { body: { note } });
      setSent(0);
      return callWithProgress(setSent)(endpoints.createPost, { body: { note }, image });
    },
    onSuccess: (post) => {
      posts.add(post);
      draft.drop();
      setPosted(posted + 1);
      notify('Posted');
    },
  });
  const isUploading = create.isPending && create.variables.image !== null;

  return (
    <Panel title="New post">
      <PostForm
        // A new key empties the form after a post.
        key={posted}
        label="New post"
        draftName="new-post"
        initial={{ note: '', image: null }}
        placeholder="What do you want to say?"
        hasFocus={hasFocus || posted > 0}
        isBusy={create.isPending}
        onSubmit={(draft) => create.mutate(draft)}
        status={
          <>
            {create.isError && <ErrorAlert error={create.error} />}
            {isUploading && <ProgressBar label="Uploading the image" done={sent} />}
          </>
        }
      >
        <Button type="submit" look="primary" busy={create.isPending}>
          Post
        </Button>
      </PostForm>
    </Panel>
  );
}
