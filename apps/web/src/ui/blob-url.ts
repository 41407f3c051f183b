import { useEffect, useState } from 'react';

/**
 * A URL of the blob that only this page can load. It is revoked when the
 * blob changes or the component unmounts.
 */
export function useBlobUrl(blob: Blob | undefined): string | undefined {
  const [created, setCreated] = useState<{ blob: Blob; url: string }>();
  useEffect(() => {
    if (!blob) return;
    const url = URL.createObjectURL(blob);
    setCreated({ blob, url });
    // Until the URL is revoked, the browser keeps the bytes in memory.
    return () => URL.revokeObjectURL(url);
  }, [blob]);
  // The previous URL is revoked before the next one exists.
  return created?.blob === blob ? created?.url : undefined;
}
