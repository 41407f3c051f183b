import { ImageOff } from 'lucide-react';
import type { CSSProperties, ReactNode, Ref } from 'react';
import { Button } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

/** The size of an image in pixels. */
export type ImageSize = { readonly width: number; readonly height: number };

type ImageFrameProps = {
  /** Undefined where nobody knows it yet. */
  size?: ImageSize | undefined;
  status: 'loading' | 'shown' | 'failed';
  /** Shown for status `failed`. */
  problem?: string;
  onRetry?: () => void;
  /** Opens the image in full size. */
  onOpen?: () => void;
  ref?: Ref<HTMLDivElement>;
  children?: ReactNode;
};

/**
 * A frame in the image's ratio, or of fixed height where its size is not known, so that nothing shifts while the image
 * loads or if it fails.
 */
export function ImageFrame({ size, status, problem, onRetry, onOpen, ref, children }: ImageFrameProps) {
  return (
    <div
      ref={ref}
      style={size && naturalStyle(size)}
      className={`relative grid place-items-center overflow-hidden rounded-xl border border-line bg-sunken ${size ? 'w-full' : 'h-56 sm:h-80'}`}
    >
      {status === 'loading' && (
        <div role="status" className="absolute inset-0">
          <span className="sr-only">Loading the image</span>
          <Skeleton shape="square" className="size-full" />
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

/**
 * As wide as the post, but no larger than the image and no higher than 30 rem. The least size has room for what the
 * frame says if the image fails.
 */
function naturalStyle({ width, height }: ImageSize): CSSProperties {
  return {
    aspectRatio: `${width} / ${height}`,
    maxWidth: `max(14rem, min(${width}px, ${(30 * width) / height}rem))`,
    minHeight: '8rem',
    maxHeight: `min(30rem, max(8rem, ${height}px))`,
  };
}

/** Fits the image into the frame, neither cropped nor enlarged. */
export const imageClass = 'absolute inset-0 size-full object-scale-down';
