import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form';
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

/**
 * Keeps what is typed into `fields`, and puts back what was typed before the page was reloaded or the session ended. Name no
 * field with a password: a draft is stored as readable text.
 */
export function useFormDraft<Values extends FieldValues>(
  form: UseFormReturn<Values, unknown, never> | UseFormReturn<Values>,
  name: string,
  fields: readonly Path<Values>[],
) {
  const draft = useDraft(name);
  const [isRestored, setIsRestored] = useState(false);
  const latest = useRef(draft);
  latest.current = draft;
  const { setValue, watch } = form as UseFormReturn<Values>;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the fields of a form do not change
  useEffect(() => {
    if (!draft.isReady) return;
    const found = latest.current.find();
    for (const field of fields)
      if (found?.[field] !== undefined) setValue(field, found[field] as never, { shouldDirty: true });
    setIsRestored(found !== undefined);
    const { unsubscribe } = watch((values, { name: changed }) => {
      // Without a name the form was reset: there is nothing of the user's in it.
      if (changed !== undefined)
        latest.current.keep(
          Object.fromEntries(
            // A field that this form does not show is undefined.
            fields.map((field) => [field, values[field]]).filter(([, value]) => value !== undefined),
          ),
        );
    });
    return unsubscribe;
  }, [draft.isReady, name, setValue, watch]);

  const drop = () => {
    draft.drop();
    setIsRestored(false);
  };
  return {
    drop,
    /** Empties the draft and the form. */
    discard: () => {
      form.reset();
      drop();
    },
    isRestored,
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
