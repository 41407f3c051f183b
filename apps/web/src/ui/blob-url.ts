import { useEffect, useState } from 'react';

/** A URL under which this page, and nobody else, finds the blob. It is taken back when nothing shows the blob any more. */
export function useBlobUrl(blob: Blob | undefined): string | undefined {
  const [created, setCreated] = useState<{ blob: Blob; url: string }>();
  useEffect(() => {
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    setCreated({ blob, url });
    // Until it is taken back, the browser keeps the bytes, whether or not anything shows them.
    return () => URL.revokeObjectURL(url);
  }, [blob]);
  // While the next blob waits for its URL, the last one's is already taken back.
  return created?.blob === blob ? created?.url : undefined;
}
