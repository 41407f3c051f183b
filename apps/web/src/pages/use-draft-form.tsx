import { type ReactNode, useState } from 'react';
import { RestoredDraft, useDraft } from './drafts.tsx';
import { useNativeForm } from './use-native-form.ts';

type Texts = Readonly<Record<string, string>>;

type Options<Values extends object, Data> = Omit<
  Parameters<typeof useNativeForm<Values, Data>>[0],
  'onEdit'
> & {
  /** The name of the draft. */
  draft: string;
  /** The fields that the draft keeps, as they are in an untouched form. A password must not be among them. */
  saved: Texts;
};

/**
 * A native form whose fields survive a reload and the end of a session. Rendered once the signed-in user is known, because
 * a draft belongs to a user.
 */
export function useDraftForm<Values extends object, Data>({
  draft: name,
  saved,
  ...options
}: Options<Values, Data>) {
  const draft = useDraft(name);
  const [restored, setRestored] = useState(draft.find);
  const [texts, setTexts] = useState<Texts>(() => ({ ...saved, ...asTexts(restored) }));
  const [hasOther, setHasOther] = useState(false);
  const [round, setRound] = useState(0);
  const native = useNativeForm<Values, Data>({
    ...options,
    onSuccess(data) {
      draft.drop();
      setRestored(undefined);
      return options.onSuccess?.(data);
    },
    onEdit(edited) {
      const kept = Object.fromEntries(Object.entries(edited).filter(([field]) => field in saved));
      setHasOther(Object.entries(edited).some(([field, text]) => !(field in saved) && text !== ''));
      // Without the password, because a draft is stored as readable text.
      draft.keep(kept);
      setTexts({ ...saved, ...kept });
    },
  });
  const discard = () => {
    draft.drop();
    setRestored(undefined);
    setTexts(saved);
    setHasOther(false);
    native.clear();
    setRound(round + 1);
  };
  const first: Texts = { ...saved, ...asTexts(restored) };
  const notice: ReactNode = restored && <RestoredDraft onDiscard={discard} />;

  return {
    ...native,
    /** For the element around the fields: another key gives the inputs the saved values again. */
    key: round,
    /** What the fields of `saved` hold now. */
    texts,
    /** What a field holds at first. */
    first: (field: string) => first[field] ?? '',
    isChanged: hasOther || Object.keys(saved).some((field) => texts[field] !== saved[field]),
    drop: draft.drop,
    /** Says why a form is not empty. */
    notice,
  };
}

function asTexts(values: Readonly<Record<string, string | number | null>> = {}): Texts {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value ?? '')]));
}
