import type { Post } from '@signet/contracts';
import { ImagePlus, X } from 'lucide-react';
import { type ReactNode, useId, useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { useBlobUrl } from './blob-url.ts';
import { acceptedPictures, picturesInWords } from './picture-check.ts';
import { PictureFrame, pictureClass } from './picture-frame.tsx';
import { PostPicture } from './post-picture.tsx';

/** The picture of a post being written: a new file, the one that the post has, or none. */
export type DraftPicture = File | 'kept' | null;

type PictureFieldProps = {
  picture: DraftPicture;
  post: Post | undefined;
  error: string | undefined;
  onFile: (file: File) => void;
  onRemove: () => void;
  /** The browser, which knows every format that is taken, cannot read the file. */
  onBroken: (file: File) => void;
  isBusy: boolean;
  /** What stands beside the button. */
  children: ReactNode;
};

export function PictureField({
  picture,
  post,
  error,
  onFile,
  onRemove,
  onBroken,
  isBusy,
  children,
}: PictureFieldProps) {
  const rulesId = useId();
  const input = useRef<HTMLInputElement>(null);
  const chooser = useRef<HTMLButtonElement>(null);
  return (
    <div className="grid gap-3">
      {picture !== null && (
        <div className="relative">
          {picture === 'kept' ? (
            post && <PostPicture post={post} />
          ) : (
            <FilePicture file={picture} onBroken={() => onBroken(picture)} />
          )}
          <button
            type="button"
            aria-label="Remove the picture"
            disabled={isBusy}
            onClick={() => {
              onRemove();
              // The button goes with the picture; the focus would go with it.
              chooser.current?.focus();
            }}
            className="absolute top-2.5 right-2.5 grid size-9 place-items-center rounded-lg border border-line bg-surface text-ink shadow-float hover:border-edge"
          >
            <X aria-hidden className="size-5" />
          </button>
        </div>
      )}
      <PictureError>{error}</PictureError>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-3">
        <Button
          ref={chooser}
          disabled={isBusy}
          onClick={() => input.current?.click()}
          aria-describedby={rulesId}
        >
          <ImagePlus aria-hidden className="size-4" />
          {picture === null ? 'Add a picture' : 'Choose another'}
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="Picture"
          accept={acceptedPictures}
          onChange={(event) => {
            const file = event.target.files?.[0];
            // Emptied, or choosing the same file once more would change nothing and tell nobody.
            event.target.value = '';
            if (file) onFile(file);
          }}
        />
        <div className="ml-auto flex flex-wrap justify-end gap-2">{children}</div>
      </div>
      <p id={rulesId} className="text-muted text-sm">
        {picturesInWords}. Dropped or pasted works too.
      </p>
    </div>
  );
}

function PictureError({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="text-danger text-sm [overflow-wrap:anywhere] empty:hidden">
      {children}
    </p>
  );
}

/** A picture that is only here yet. */
export function FilePicture({ file, onBroken }: { file: File; onBroken?: () => void }) {
  const url = useBlobUrl(file);
  return (
    <PictureFrame status={url ? 'shown' : 'loading'}>
      {url && (
        <img
          src={url}
          alt={`Preview of ${file.name || 'the pasted picture'}`}
          onError={onBroken}
          className={pictureClass}
        />
      )}
    </PictureFrame>
  );
}
