import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { MessageSquareText } from 'lucide-react';
import { useDeferredValue, useRef } from 'react';
import { useStoredSession } from '../../session/auth-context.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { QueryProblem } from '../errors/query-problem.tsx';
import { LoadMore } from '../load-more.tsx';
import { queries, useCall } from '../queries.ts';
import { ComposerDoor } from './composer-door.tsx';
import { ImageTravel, ImageTravelPanel } from './image-travel-panel.tsx';
import { usePassedOffers } from './passed-offers.ts';
import { PostCard } from './post-card.tsx';

export function FeedPage() {
  const call = useCall();
  const carrier = useStoredSession()?.carrier;
  const me = useQuery(queries.me(call));
  const feed = useInfiniteQuery(queries.posts(call));
  // Deferred, so that React draws the first posts in slices, between which the browser answers.
  const isShown = useDeferredValue(feed.data !== undefined);
  const posts = feed.data?.pages.flatMap((page) => page.items) ?? [];
  const list = useRef<HTMLOListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // The button that had the focus goes with the post.
  const focusHeading = () => heading.current?.focus({ preventScroll: true });
  usePassedOffers();

  return (
    <Page title="Feed" description="All posts, newest first. You can edit your own; admins can edit all.">
      <div className="grid items-start gap-5 sm:gap-6 xl:grid-cols-[minmax(0,44rem)_minmax(0,1fr)]">
        <div className="grid min-w-0 gap-5 sm:gap-6">
          {carrier && (
            <details className="rounded-2xl border border-line bg-surface px-5 py-3 text-sm shadow-panel xl:hidden">
              <summary className="cursor-pointer font-medium">How an image is loaded</summary>
              <div className="pt-3">
                <ImageTravel carrier={carrier} />
              </div>
            </details>
          )}
          <ComposerDoor />
          <section aria-labelledby="posts" className="grid min-w-0 gap-5 sm:gap-6">
            <h2 ref={heading} id="posts" tabIndex={-1} className="sr-only">
              Posts
            </h2>
            <QueryProblem query={feed} />
            {!isShown && (feed.isPending || feed.data) && <LoadingPosts />}
            {isShown && posts.length === 0 && (
              <EmptyState icon={MessageSquareText} title="No posts yet">
                Write the first one above.
              </EmptyState>
            )}
            {isShown && posts.length > 0 && (
              <ol ref={list} aria-label="Posts, newest first" className="grid min-w-0 gap-5 sm:gap-6">
                {posts.map((post) => (
                  <PostCard key={post.id} post={post} me={me.data} onDelete={focusHeading} />
                ))}
              </ol>
            )}
            <LoadMore query={feed} what="posts" list={list} />
          </section>
        </div>
        {carrier && (
          <aside aria-label="About the images" className="hidden xl:sticky xl:top-10 xl:block">
            <ImageTravelPanel carrier={carrier} />
          </aside>
        )}
      </div>
    </Page>
  );
}

function LoadingPosts() {
  return (
    <div role="status" className="grid gap-5 sm:gap-6">
      <span className="sr-only">Loading posts</span>
      <Skeleton shape="card" className="h-112" />
      <Skeleton shape="card" className="h-112" />
    </div>
  );
}
