import { useEffect, useState } from 'react';

/** A URL under which this page, and nobody else, finds the blob. It is taken back when nothing shows the blob any more. */
export function useBlobUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!blob) return;
    const created = URL.createObjectURL(blob);
    setUrl(created);
    return () => {
      setUrl(undefined);
      // Until it is taken back, the browser keeps the bytes, whether or not anything shows them.
      URL.revokeObjectURL(created);
    };
  }, [blob]);
  return url;
}
