/** What a browser tells about the network and the page. Other environments tell nothing. */
import type { Log } from './event-log.ts';

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
  log: Log;
}

/** Calls the listeners until the returned function is called. */
export function watchNetwork({ hint, offline, log }: NetworkListeners): () => void {
  const page = globalThis as EventTargetLike;
  const { document } = page;
  const onHint = (): void => {
    log('info', 'network.hint');
    hint();
  };
  const onOffline = (): void => {
    log('info', 'network.offline');
    offline();
  };
  const onVisible = (): void => {
    if (document?.visibilityState === 'visible') onHint();
  };
  page.addEventListener?.('online', onHint);
  page.addEventListener?.('offline', onOffline);
  document?.addEventListener?.('visibilitychange', onVisible);
  return () => {
    page.removeEventListener?.('online', onHint);
    page.removeEventListener?.('offline', onOffline);
    document?.removeEventListener?.('visibilitychange', onVisible);
  };
}

/** Whether the browser knows that the device has no network. */
export function isDeviceOffline(): boolean {
  return (globalThis as EventTargetLike).navigator?.onLine === false;
}

/** Whether there is a page that its user cannot see. */
export function isPageHidden(): boolean {
  return (globalThis as EventTargetLike).document?.visibilityState === 'hidden';
}

/** Whether a user can see the page; false where there is no page. */
export function isPageVisible(): boolean {
  return (globalThis as EventTargetLike).document?.visibilityState === 'visible';
}
