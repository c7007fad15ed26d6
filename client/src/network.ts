/** The browser's hints that a connection attempt may succeed now. Other environments give none. */

/** What is used of the global object and of its document; both are absent outside of browsers. */
interface EventTargetLike {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
  document?: EventTargetLike & { visibilityState: string };
}

/** Calls `onHint` when the network is back or the page becomes visible, until the returned function is called. */
export function watchNetwork(onHint: () => void): () => void {
  const page = globalThis as EventTargetLike;
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
