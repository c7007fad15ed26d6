/** The browser's hints that a connection attempt may succeed now. Other environments give none. */

interface EventSource {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
  document?: EventSource & { visibilityState: string };
}

/** Calls `onHint` when the network is back or the page becomes visible, until the returned function is called. */
export function watchNetwork(onHint: () => void): () => void {
  const page = globalThis as EventSource;
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
