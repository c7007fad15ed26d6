/** Gives elements a size: the document of these tests has no layout of its own. */
import { afterEach, beforeEach, vi } from 'vitest';

export const listHeight = 400;
export const rowHeight = 40;

/** Rows are 40 pixels high, and everything else is 400. */
export function useLayout(): void {
  beforeEach(() => {
    const heightOf = (element: HTMLElement): number =>
      element.dataset['part'] === 'row' ? rowHeight : listHeight;
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockImplementation(function (this: HTMLElement) {
      return heightOf(this);
    });
    vi.spyOn(HTMLElement.prototype, 'offsetWidth', 'get').mockReturnValue(300);
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(listHeight);
    vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockImplementation(function (this: HTMLElement) {
      const rows = this.querySelector<HTMLElement>('[data-part="rows"]');
      return Number.parseFloat(rows?.style.height ?? '0');
    });
    vi.spyOn(HTMLElement.prototype, 'scrollTo').mockImplementation(function (this: HTMLElement, options) {
      const { top = 0 } = typeof options === 'object' ? options : {};
      this.scrollTop = Math.max(0, Math.min(top, this.scrollHeight - listHeight));
      // A browser reports it before the next frame.
      queueMicrotask(() => this.dispatchEvent(new Event('scroll')));
    });
  });
  afterEach(() => void vi.restoreAllMocks());
}
