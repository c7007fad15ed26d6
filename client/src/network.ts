/** What a browser tells about the network and the page. Other environments tell nothing. */

/** What is used of the global object and of its document; both are absent outside of browsers. */
interface EventTargetLike {
  addEventListener?(type: string, listener: () => void): void;
  removeEventListener?(type: string, listener: () => void): void;
  document?: EventTargetLike & { visibilityState: string };
  navigator?: { onLine?: boolean };
}

export interface NetworkListeners {
  /** A connection attempt may succeed now: the network is back, or the page has become visible. */
  hint: () => void;
  /** The device has lost its network. */
  offline: () => void;
}

/** Calls the listeners until the returned function is called. */
export function watchNetwork({ hint, offline }: NetworkListeners): () => void {
  const page = globalThis as EventTargetLike;
  const { document } = page;
  const onVisible = (): void => {
    if (document?.visibilityState === 'visible') hint();
  };
  page.addEventListener?.('online', hint);
  page.addEventListener?.('offline', offline);
  document?.addEventListener?.('visibilitychange', onVisible);
  return () => {
    page.removeEventListener?.('online', hint);
    page.removeEventListener?.('offline', offline);
    document?.removeEventListener?.('visibilitychange', onVisible);
  };
}

/** Whether the browser knows that the device has no network. */
export function isDeviceOffline(): boolean {
  return (globalThis as EventTargetLike).navigator?.onLine === false;
}

/** Whether a user can see the page; false where there is no page. */
export function isPageVisible(): boolean {
  return (globalThis as EventTargetLike).document?.visibilityState === 'visible';
}
