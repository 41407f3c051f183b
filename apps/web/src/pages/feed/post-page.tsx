import { ApiError } from '@signet/contracts';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, MessageSquareText } from 'lucide-react';
import { useRef } from 'react';
import { Link, useParams } from 'react-router';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { QueryProblem } from '../errors/query-problem.tsx';
import { paths } from '../paths.ts';
import { queries, useCall } from '../queries.ts';
import { usePassedOffers } from './passed-offers.ts';
import { PostCard } from './post-card.tsx';

/** One post, at an address that can be passed on. */
export function PostPage() {
  const id = Number(useParams().id);
  const call = useCall();
  const isNumber = Number.isSafeInteger(id) && id > 0;
  const me = useQuery(queries.me(call));
  const post = useQuery({ ...queries.post(call, id), enabled: isNumber });
  const back = useRef<HTMLAnchorElement>(null);
  usePassedOffers();
  const isMissing = !isNumber || (post.error instanceof ApiError && post.error.problem.code === 'not_found');
  return (
    <Page isClipped title={post.data ? `Post by ${post.data.author.name}` : 'Post'}>
      <Link
        ref={back}
        to={paths.feed}
        className="inline-flex w-fit items-center gap-1.5 rounded-sm text-muted text-sm hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-4" />
        All posts
      </Link>
      {isMissing && (
        <EmptyState icon={MessageSquareText} title="No such post">
          It was deleted, or the address is mistyped.
        </EmptyState>
      )}
      {!isMissing && <QueryProblem query={post} />}
      {post.isPending && isNumber && (
        <div role="status" className="max-w-[44rem]">
          <span className="sr-only">Loading the post</span>
          <Skeleton shape="card" className="h-112" />
        </div>
      )}
      {post.data && (
        <ol aria-label="Post" className="grid max-w-[44rem]">
          <PostCard post={post.data} me={me.data} onDelete={() => back.current?.focus()} />
        </ol>
      )}
    </Page>
  );
}
