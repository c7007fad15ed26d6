/** The parts of a browser's global object that the client listens to, as a test puts them in place. */
import { onTestFinished, vi } from 'vitest';

export interface FakePage {
  /** Makes the browser report that the device is online or offline. */
  setOnline(isOnline: boolean): void;
  /** Reports that another tab has changed that item of the storage, or with null all items. */
  storageChanged(key: string | null): void;
  /** Shows or hides the page. */
  setVisible(isVisible: boolean): void;
}

/** Puts a page that is online and visible in place until the test ends. */
export function openFakePage(): FakePage {
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const navigator = { onLine: true };
  const globals: Record<string, unknown> = {
    document,
    navigator,
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
  };
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  onTestFinished(() => void vi.unstubAllGlobals());
  return {
    setOnline(isOnline) {
      navigator.onLine = isOnline;
      page.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
    },
    storageChanged(key) {
      page.dispatchEvent(Object.assign(new Event('storage'), { key }));
    },
    setVisible(isVisible) {
      document.visibilityState = isVisible ? 'visible' : 'hidden';
      document.dispatchEvent(new Event('visibilitychange'));
    },
  };
}
