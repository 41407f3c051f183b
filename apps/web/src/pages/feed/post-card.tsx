import type { Post, User } from '@signet/contracts';
import { Link2, Pencil, Trash2 } from 'lucide-react';
import { Suspense, useEffect, useRef, useState } from 'react';
import { generatePath, Link } from 'react-router';
import { useAuth } from '../../session/auth-context.tsx';
import { Avatar } from '../../ui/avatar.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { Moment } from '../../ui/time.tsx';
import { useDraft } from '../drafts.tsx';
import { ErrorAlert } from '../errors/error-alert.tsx';
import { paths } from '../paths.ts';
import { FilePreview } from './file-preview.tsx';
import { useRemovePost, useUpdatePost } from './post-changes.ts';
import type { Draft } from './post-form.tsx';
import { PostImage } from './post-image.tsx';
import { PostNote } from './post-note.tsx';

const PostForm = lazyPart(() => import('./post-form.tsx'), 'PostForm');
const DiscardEditDialog = lazyPart(() => import('./discard-edit-dialog.tsx'), 'DiscardEditDialog');

type PostCardProps = { post: Post; me: User | undefined; onDelete: () => void };

/**
 * One post. Edits and deletions are optimistic: they show at once and are rolled back, with the reason, if the API
 * refuses them. A deletion can be undone for a few seconds. The form of a refused edit reopens with what was written.
 */
export function PostCard({ post, me, onDelete }: PostCardProps) {
  const [open, setOpen] = useState<'edit' | 'restored' | null>(null);
  const [isDiscarding, setIsDiscarding] = useState(false);
  const draftName = `post-${post.id}`;
  const draft = useDraft(draftName);
  const remove = useRemovePost(post);
  const update = useUpdatePost(post, { onSaved: draft.drop, onError: () => setOpen('edit') });
  const isEditing = open === 'edit' || open === 'restored';
  const editButton = useFocusAfter(isEditing || remove.isWaiting);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the user becomes known
  useEffect(() => {
    if (draft.find() !== undefined) setOpen((current) => current ?? 'restored');
  }, [draft.isReady]);
  if (remove.isGone) return null;

  const mayChange = me !== undefined && (me.id === post.user_id || me.role === 'admin');
  const cancel = () => {
    setIsDiscarding(false);
    setOpen(null);
    draft.drop();
    update.reset();
  };
  return (
    <li className="min-w-0">
      <article
        aria-label={`Post by ${post.author.name}`}
        className="rounded-2xl border border-line bg-surface p-5 shadow-panel sm:p-6"
      >
        <PostHead post={post} isMine={me?.id === post.user_id} />
        <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-4">
          {isEditing ? (
            <Suspense>
              <PostForm
                label="Edit post"
                draftName={draftName}
                post={post}
                initial={
                  update.isError
                    ? update.variables
                    : { note: post.note, image: post.image === null ? null : 'kept' }
                }
                hasFocus={open === 'edit'}
                onSubmit={(draft) => {
                  setOpen(null);
                  update.mutate(draft);
                }}
                onCancel={(isChanged) => (isChanged ? setIsDiscarding(true) : cancel())}
                status={update.isError && <Refused what="Not saved" error={update.error} />}
              >
                <Button onClick={cancel}>Cancel</Button>
                <Button type="submit" look="primary">
                  Save changes
                </Button>
              </PostForm>
            </Suspense>
          ) : (
            <PostContent post={post} draft={update.isPending ? update.variables : undefined} />
          )}
          {update.isPending && (
            <Saving hasUpload={update.variables.image instanceof File} sent={update.sent} />
          )}
          {remove.isError && (
            <Refused what="Not deleted" error={remove.error} onRetry={() => remove.mutate()} />
          )}
          {mayChange && !isEditing && (
            <div className="flex gap-2">
              <Button
                ref={editButton}
                size="small"
                busy={update.isPending}
                aria-label={`Edit the post by ${post.author.name}`}
                onClick={() => setOpen('edit')}
              >
                {!update.isPending && <Pencil aria-hidden className="size-4" />}
                Edit
              </Button>
              <Button
                size="small"
                disabled={update.isPending}
                aria-label={`Delete the post by ${post.author.name}`}
                onClick={() => {
                  onDelete();
                  remove.offerUndo();
                }}
              >
                <Trash2 aria-hidden className="size-4" />
                Delete
              </Button>
            </div>
          )}
        </div>
      </article>
      <Suspense>
        {isDiscarding && <DiscardEditDialog onDiscard={cancel} onKeep={() => setIsDiscarding(false)} />}
      </Suspense>
    </li>
  );
}

/** Returns the focus to the Edit button when the form is gone, or when the deletion of the post was undone. */
function useFocusAfter(isAway: boolean) {
  const button = useRef<HTMLButtonElement>(null);
  const wasAway = useRef(isAway);
  useEffect(() => {
    if (wasAway.current && !isAway) button.current?.focus();
    wasAway.current = isAway;
  }, [isAway]);
  return button;
}

function PostHead({ post, isMine }: { post: Post; isMine: boolean }) {
  const { serverNow } = useAuth();
  return (
    <header className="flex min-w-0 items-center gap-3">
      <Avatar name={post.author.name} />
      <div className="min-w-0 leading-snug">
        <p className="flex min-w-0 items-center gap-2">
          <span className="truncate font-medium" title={post.author.name}>
            {post.author.name}
          </span>
          {isMine && <Badge>you</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-1 text-muted text-sm">
          <span className="flex min-w-0 max-w-full gap-x-1">
            <span className="truncate" title={post.author.uid}>
              {post.author.uid}
            </span>
            <span className="shrink-0">
              · <Moment at={post.created_at} now={serverNow} />
            </span>
          </span>
          {post.updated_at !== post.created_at && (
            <span>
              · edited <Moment at={post.updated_at} now={serverNow} />
            </span>
          )}
        </p>
      </div>
      <Link
        to={generatePath(paths.post, { id: String(post.id) })}
        aria-label={`Link to the post by ${post.author.name}`}
        title="Link to this post"
        className="-mr-2 ml-auto grid size-9 shrink-0 place-items-center self-start rounded-lg text-muted hover:bg-ink/6 hover:text-ink print:hidden"
      >
        <Link2 aria-hidden className="size-4.5" />
      </Link>
    </header>
  );
}

/** The post, or the edit of it that is being saved. */
function PostContent({ post, draft }: { post: Post; draft: Draft | undefined }) {
  const image = draft ? draft.image : 'kept';
  return (
    <>
      <PostNote note={draft?.note ?? post.note} />
      {image === 'kept' && <PostImage post={post} />}
      {image instanceof File && <FilePreview file={image} />}
    </>
  );
}

/** Says what was rolled back, and why. */
function Refused({ what, error, onRetry }: { what: string; error: unknown; onRetry?: () => void }) {
  return (
    <div className="grid gap-2">
      <p className="font-medium text-danger text-sm">{what}</p>
      <ErrorAlert error={error} {...(onRetry && { onRetry })} />
    </div>
  );
}

function Saving({ hasUpload, sent }: { hasUpload: boolean; sent: number }) {
  if (hasUpload) return <ProgressBar label="Uploading the image" done={sent} />;
  return (
    <p role="status" className="text-muted text-sm">
      Saving…
    </p>
  );
}
