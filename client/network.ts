/** Hints of a browser that it is worth trying now; elsewhere there are none. */

interface Page {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
  document?: Page & { visibilityState: string };
}

/** Calls it when the network is back, and when the page is looked at again. The result ends that. */
export function watchNetwork(onHint: () => void): () => void {
  const page = globalThis as Page;
  const { document } = page;
  const onVisible = (): void => {
    if (document?.visibilityState === 'visible') onHint();
  };
  page.addEventListener?.('online', onHint);
  document?.addEventListener?.('visibilitychange', onVisible);
  return () => {
    page.removeEventListener?.('online', onHint);
    document?.removeEventListener?.('visibilitychange', onVisible);
  };
}
