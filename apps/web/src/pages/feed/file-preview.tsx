import { useBlobUrl } from '../../ui/blob-url.ts';
import { ImageFrame, imageClass } from './image-frame.tsx';

/** An image that has not been uploaded yet. */
export function FilePreview({ file, onBroken }: { file: File; onBroken?: () => void }) {
  const url = useBlobUrl(file);
  return (
    <ImageFrame status={url ? 'shown' : 'loading'}>
      {url && (
        <img
          src={url}
          alt={`Preview of ${file.name || 'the pasted image'}`}
          onError={onBroken}
          className={imageClass}
        />
      )}
    </ImageFrame>
  );
}
