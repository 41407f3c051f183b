import { useQuery } from '@tanstack/react-query';
import { useAuth } from '../session/auth-context.tsx';
import { createDrafts, type DraftValues } from '../session/drafts.ts';
import { Button } from '../ui/button.tsx';
import { queries, useCall } from './queries.ts';

/** One form's draft. It belongs to the signed-in user, so it can be read once that is known. */
export function useDraft(form: string) {
  const drafts = createDrafts(useAuth().tabStorage);
  const me = useQuery(queries.me(useCall())).data?.id;
  return {
    isReady: me !== undefined,
    find: (): DraftValues | undefined => (me === undefined ? undefined : drafts.find(me, form)),
    keep: (values: DraftValues) => me !== undefined && drafts.keep(me, form, values),
    drop: () => me !== undefined && drafts.drop(me, form),
  };
}

/** Says why a form is not empty, and offers the way back. */
export function RestoredDraft({ onDiscard }: { onDiscard: () => void }) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center justify-between gap-2 rounded-lg border border-line bg-sunken py-1.5 pr-1.5 pl-3 text-sm"
    >
      <span>Your unsent draft is back.</span>
      <Button size="small" look="quiet" onClick={onDiscard}>
        Discard
      </Button>
    </div>
  );
}
