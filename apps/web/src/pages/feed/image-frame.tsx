import { ImageOff } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

type ImageFrameProps = {
  status: 'loading' | 'shown' | 'failed';
  /** Shown for status `failed`. */
  problem?: string;
  onRetry?: () => void;
  ref?: Ref<HTMLDivElement>;
  children?: ReactNode;
};

/** A frame of fixed height, so that nothing shifts while the image loads or if it fails. */
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

/** Fits the image into the frame, neither cropped nor enlarged. */
export const imageClass = 'absolute inset-0 size-full object-scale-down';
