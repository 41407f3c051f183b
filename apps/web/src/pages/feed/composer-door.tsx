import { Suspense, useState } from 'react';
import { lazyPart } from '../../ui/lazy-part.ts';
import { useDraft } from '../drafts.tsx';

const Composer = lazyPart(() => import('./composer.tsx'), 'Composer');

/** One line that opens the composer, so that the posts begin high on the page. It is open if a post was left unsent. */
export function ComposerDoor() {
  const [opening, setOpening] = useState<'pressed' | 'draft'>();
  const open = () => setOpening('pressed');
  const door = (
    <button
      type="button"
      onClick={open}
      onDragEnter={open}
      className="h-13 w-full rounded-2xl border border-edge bg-surface px-5 text-left text-muted shadow-panel hover:border-ink print:hidden"
    >
      Write a post…
    </button>
  );
  const hasDraft = useDraft('new-post').find() !== undefined;
  // It stays open when the draft is sent, because the focus is in it.
  if (!opening && hasDraft) setOpening('draft');
  if (!opening) return door;
  return (
    <Suspense fallback={door}>
      <Composer hasFocus={opening === 'pressed'} />
    </Suspense>
  );
}
