import { ImageOff } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

type ImageFrameProps = {
  status: 'loading' | 'shown' | 'failed';
  /** Shown for status `failed`. */
  problem?: string;
  onRetry?: () => void;
  /** Opens the image in full size. */
  onOpen?: () => void;
  ref?: Ref<HTMLDivElement>;
  children?: ReactNode;
};

/** A frame of fixed height, so that nothing shifts while the image loads or if it fails. */
export function ImageFrame({ status, problem, onRetry, onOpen, ref, children }: ImageFrameProps) {
  return (
    <div
      ref={ref}
      className="relative grid h-56 place-items-center overflow-hidden rounded-xl border border-line bg-sunken sm:h-80"
    >
      {status === 'loading' && (
        <div role="status" className="absolute inset-0">
          <span className="sr-only">Loading the image</span>
          <Skeleton className="size-full rounded-none" />
        </div>
      )}
      {status === 'failed' && (
        <div role="alert" className="grid justify-items-center gap-2 p-4 text-center text-muted text-sm">
          <ImageOff aria-hidden className="size-6" />
          <p>{problem}</p>
          {onRetry && (
            <Button size="small" onClick={onRetry}>
              Load the image again
            </Button>
          )}
        </div>
      )}
      {status !== 'failed' && children}
      {status === 'shown' && onOpen && (
        <button
          type="button"
          onClick={onOpen}
          aria-label="Show the image in full size"
          className="absolute inset-0 cursor-zoom-in -outline-offset-2"
        />
      )}
    </div>
  );
}

/** Fits the image into the frame, neither cropped nor enlarged. */
export const imageClass = 'absolute inset-0 size-full object-scale-down';
