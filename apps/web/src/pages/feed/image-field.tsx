import type { Post } from '@signet/contracts';
import { ImagePlus, X } from 'lucide-react';
import { type ReactNode, useId, useRef } from 'react';
import { Button } from '../../ui/button.tsx';
import { FilePreview } from './file-preview.tsx';
import { acceptedImages, imagesInWords } from './image-check.ts';
import { PostImage } from './post-image.tsx';

/** The image of a post being written: a new file, the one that the post already has, or none. */
export type DraftImage = File | 'kept' | null;

type ImageFieldProps = {
  image: DraftImage;
  post: Post | undefined;
  error: string | undefined;
  onFile: (file: File) => void;
  onRemove: () => void;
  /** Called if the browser cannot decode the file: it knows every format that the API accepts. */
  onBroken: (file: File) => void;
  isBusy: boolean;
  /** Shown beside the button. */
  children: ReactNode;
};

export function ImageField({
  image,
  post,
  error,
  onFile,
  onRemove,
  onBroken,
  isBusy,
  children,
}: ImageFieldProps) {
  const rulesId = useId();
  const input = useRef<HTMLInputElement>(null);
  const chooser = useRef<HTMLButtonElement>(null);
  return (
    <div className="grid gap-3">
      {image !== null && (
        <div className="relative">
          {image === 'kept' ? (
            post && <PostImage post={post} isInForm />
          ) : (
            <FilePreview file={image} onBroken={() => onBroken(image)} />
          )}
          <button
            type="button"
            aria-label="Remove the image"
            disabled={isBusy}
            onClick={() => {
              onRemove();
              // This button disappears with the image, and the focus would be lost with it.
              chooser.current?.focus();
            }}
            className="absolute top-2.5 right-2.5 grid size-9 place-items-center rounded-lg border border-line bg-surface text-ink shadow-float hover:border-edge"
          >
            <X aria-hidden className="size-5" />
          </button>
        </div>
      )}
      <ImageError>{error}</ImageError>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-3">
        <Button
          ref={chooser}
          disabled={isBusy}
          onClick={() => input.current?.click()}
          aria-describedby={rulesId}
        >
          <ImagePlus aria-hidden className="size-4" />
          <span>{image === null ? 'Add an image' : 'Choose another'}</span>
        </Button>
        <input
          ref={input}
          type="file"
          hidden
          aria-label="Image"
          accept={acceptedImages}
          onChange={(event) => {
            const file = event.target.files?.[0];
            // Emptied, because choosing the same file again would otherwise fire no change event.
            event.target.value = '';
            if (file) onFile(file);
          }}
        />
        <div className="ml-auto flex flex-wrap justify-end gap-2">{children}</div>
      </div>
      <p id={rulesId} className="text-muted text-sm">
        {imagesInWords}. Or drop or paste one here.
      </p>
    </div>
  );
}

function ImageError({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="text-danger text-sm [overflow-wrap:anywhere] empty:hidden">
      {children}
    </p>
  );
}
