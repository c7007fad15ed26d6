/** Loads a part of the page's code with its first use. */
import { useEffect, useState } from 'react';

export interface LoadedPart<T> {
  /** Undefined until it has arrived. */
  part: T | undefined;
  /** Whether it could not be loaded. Browsers remember that until the page is loaded again. */
  isMissing: boolean;
}

/**
 * @param load a function outside of the component
 * @example
 * const loadCrop = async () => (await import('./picture-crop.tsx')).PictureCrop;
 *
 * const { part: PictureCrop } = usePart(loadCrop);
 */
export function usePart<T>(load: () => Promise<T>): LoadedPart<T> {
  const [loaded, setLoaded] = useState<LoadedPart<T>>({ part: undefined, isMissing: false });
  useEffect(() => {
    let isCurrent = true;
    load().then(
      (part) => isCurrent && setLoaded({ part, isMissing: false }),
      // The network is gone, or a deployment has replaced the page.
      () => isCurrent && setLoaded({ part: undefined, isMissing: true }),
    );
    return () => {
      isCurrent = false;
    };
  }, [load]);
  return loaded;
}
