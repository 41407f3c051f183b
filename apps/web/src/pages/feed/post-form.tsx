import { maxNoteLength, Note, type Post } from '@signet/contracts';
import { type ClipboardEvent, type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { classNames } from '../../ui/class-names.ts';
import { Field } from '../../ui/field.tsx';
import { useFileDrop } from '../../ui/file-drop.ts';
import { onFirstUse } from '../../ui/on-first-use.ts';
import { TextArea } from '../../ui/text-area.tsx';
import { RestoredDraft, useDraft } from '../drafts.tsx';
import { brokenImageProblem, imageProblem } from './image-check.ts';
import { type DraftImage, ImageField } from './image-field.tsx';

export type Draft = { note: string; image: DraftImage };

type PostFormProps = {
  label: string;
  /** What the note is kept under until it is sent. */
  draftName: string;
  initial: Draft;
  /** The post that is being edited, where there is one. */
  post?: Post;
  placeholder?: string;
  hasFocus?: boolean;
  /** While the draft is being sent, it cannot be changed. */
  isBusy?: boolean;
  onSubmit: (draft: Draft) => void;
  /** Called for Escape, with whether anything was changed. */
  onCancel?: (isChanged: boolean) => void;
  /** The last attempt's error, or this one's progress. */
  status?: ReactNode;
  /** The buttons. */
  children: ReactNode;
};

/** Note and image. The image is chosen with the button, dropped on the form, or pasted into the note. */
export function PostForm({
  label,
  draftName,
  initial,
  post,
  placeholder,
  hasFocus = false,
  isBusy = false,
  onSubmit,
  onCancel,
  status,
  children,
}: PostFormProps) {
  // One field does not justify the form library, which readers of the feed would have to load too.
  const [note, setNote] = useState(initial.note);
  const [isChecked, setIsChecked] = useState(false);
  const textArea = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (hasFocus) textArea.current?.focus();
  }, [hasFocus]);
  const noteProblem = Note.safeParse(note).error?.issues[0]?.message;
  const [image, setImage] = useState<DraftImage>(initial.image);
  const [imageError, setImageError] = useState<string>();

  const restored = useRestoredNote(draftName, { initial: initial.note, note, setNote });

  const take = (file: File) => {
    if (isBusy) return;
    const problem = imageProblem(file);
    setImageError(problem);
    if (!problem) setImage(file);
  };
  const drop = useFileDrop(take);
  const paste = (event: ClipboardEvent) => {
    const [file] = event.clipboardData.files;
    // Word processors copy text together with an image of it; then the text is meant.
    if (!file || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    take(file);
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setIsChecked(true);
    if (noteProblem) textArea.current?.focus();
    else onSubmit({ note, image });
  };

  return (
    <form
      aria-label={label}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        if (event.key === 'Escape') onCancel?.(note !== initial.note || image !== initial.image);
      }}
      {...drop.handlers}
      className={classNames(
        'grid gap-4',
        drop.isOver && 'rounded-lg outline-2 outline-focus outline-dashed outline-offset-8',
      )}
    >
      {restored.isShown && (
        <RestoredDraft
          onDiscard={() => {
            restored.drop();
            setNote(initial.note);
          }}
        />
      )}
      <div className="grid gap-1">
        <Field label="Note" error={isChecked ? noteProblem : undefined}>
          {(attributes) => (
            <TextArea
              {...attributes}
              ref={textArea}
              value={note}
              onChange={(event) => {
                setNote(event.target.value);
                restored.keep(event.target.value);
              }}
              dir="auto"
              aria-keyshortcuts="Control+Enter Meta+Enter"
              placeholder={placeholder}
              readOnly={isBusy}
              onPaste={paste}
            />
          )}
        </Field>
        <Counter length={note.length} />
      </div>
      <ImageField
        image={image}
        post={post}
        error={imageError}
        isBusy={isBusy}
        onFile={take}
        onBroken={(file) => {
          setImage((current) => (current === file ? null : current));
          setImageError(brokenImageProblem(file));
        }}
        onRemove={() => {
          setImage(null);
          setImageError(undefined);
        }}
      >
        {children}
      </ImageField>
      {status}
    </form>
  );
}

/** Puts back a note that was not sent. An image cannot be kept: a file may be too large for the browser's storage. */
function useRestoredNote(
  draftName: string,
  { initial, note: written, setNote }: { initial: string; note: string; setNote: (note: string) => void },
) {
  const draft = useDraft(draftName);
  const [isShown, setIsShown] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the user becomes known
  useEffect(() => {
    // Written before the user was known: newer than what is stored, and not stored yet.
    if (written !== initial) {
      draft.keep({ note: written });
      return;
    }
    const note = draft.find()?.note;
    if (typeof note !== 'string' || note === initial) return;
    setNote(note);
    setIsShown(true);
  }, [draft.isReady]);

  return {
    isShown,
    keep: (note: string) => (note === initial ? draft.drop() : draft.keep({ note })),
    drop: () => {
      draft.drop();
      setIsShown(false);
    },
  };
}

const number = onFirstUse(() => new Intl.NumberFormat('en'));

/** Below this length no writer needs to count. */
const countedFrom = 9000;

function Counter({ length }: { length: number }) {
  const excess = length - maxNoteLength;
  return (
    <p
      className={classNames(
        'text-right text-sm tabular-nums',
        excess > 0 ? 'font-medium text-danger' : 'text-muted',
      )}
    >
      {length >= countedFrom && (
        <span>{`${number().format(length)} of ${number().format(maxNoteLength)} characters`}</span>
      )}
      {/* Announced to screen readers only when the limit is exceeded, not at every key. */}
      <span role="status" className="sr-only">
        {excess > 0 && 'The note is too long'}
      </span>
    </p>
  );
}
