import { ImageOff } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

type ImageFrameProps = {
  status: 'loading' | 'shown' | 'failed';
  /** What went wrong, for status `failed`. */
  problem?: string;
  onRetry?: () => void;
  ref?: Ref<HTMLDivElement>;
  children?: ReactNode;
};

/** The place of an image: as high before it comes, once it is there, and when it never comes. */
export function ImageFrame({ status, problem, onRetry, ref, children }: ImageFrameProps) {
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
    </div>
  );
}

/** Fits into the frame as it is, neither cropped nor blown up. */
export const imageClass = 'absolute inset-0 size-full object-scale-down';
