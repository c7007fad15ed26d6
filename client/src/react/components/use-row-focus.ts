/** Moves the focus among the rows of a message list. */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { RoomMessage } from '../../index.ts';
import type { MessageScroll } from './use-message-scroll.ts';

export interface RowFocus {
  /** Up, Down, Home and End move the focus from row to row. */
  keyPressed: (event: KeyboardEvent) => void;
  /** Moves the focus to a row, also to one that is not in the document yet. */
  focusRow: (key: string, align: 'auto' | 'start') => void;
}

const usesKeys = 'input, textarea, select, audio, video, [contenteditable="true"]';

export function useRowFocus(
  messages: readonly RoomMessage[],
  { scroller, virtualizer }: MessageScroll,
  [activeKey, setActiveKey]: readonly [string | undefined, (key: string) => void],
): RowFocus {
  const [requested, setRequested] = useState<{ key: string; align: 'auto' | 'start' }>();
  const done = useRef(requested);
  const activeIndex = messages.findIndex(({ key }) => key === activeKey);
  useEffect(() => {
    if (requested === done.current || requested?.key !== activeKey || activeIndex === -1) return;
    done.current = requested;
    virtualizer.scrollToIndex(activeIndex, { align: requested?.align ?? 'auto' });
    // The row of the active message is always in the document.
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${activeIndex}"]`);
    row?.focus({ preventScroll: true });
  }, [requested, activeKey, activeIndex, virtualizer, scroller]);

  function focusRow(key: string, align: 'auto' | 'start'): void {
    setActiveKey(key);
    setRequested({ key, align });
  }
  return {
    focusRow,
    keyPressed(event) {
      if (event.target instanceof Element && event.target.closest(usesKeys) !== null) return;
      const target = messages[targetOf(event.key, activeIndex, messages.length) ?? -1];
      if (target === undefined) return;
      event.preventDefault();
      focusRow(target.key, 'auto');
    },
  };
}

/** Returns the index that a key leads to; undefined for other keys. */
function targetOf(key: string, index: number, count: number): number | undefined {
  if (key === 'ArrowUp') return Math.max(0, index === -1 ? count - 1 : index - 1);
  if (key === 'ArrowDown') return Math.min(count - 1, index + 1);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}
