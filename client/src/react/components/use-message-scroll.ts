/** The virtual scrolling of a message list: which rows exist, where they are, and when older ones are loaded. */
import {
  defaultRangeExtractor,
  useVirtualizer,
  type ReactVirtualizer,
  type VirtualItem,
  type Virtualizer,
} from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Messages } from '../use-messages.ts';

export interface MessageScroll {
  scroller: RefObject<HTMLDivElement | null>;
  virtualizer: ReactVirtualizer<HTMLDivElement, HTMLElement>;
  /** Whether the end was in sight when the list was last scrolled. */
  isAtEnd: boolean;
  /** Whether the end is in sight now. */
  isEndInSight: () => boolean;
  /** Call it when the list was scrolled. */
  scrolled: () => void;
  /** Loads a page of older messages. Nothing happens when that fails: the user scrolls or presses the button again. */
  loadOlder: () => void;
}

/** Less than this many pixels from the end count as the end. */
const endThreshold = 40;
/** Older messages are loaded when less than this many pixels are left above. */
const startThreshold = 600;
const rowsAhead = 8;
const estimatedRowHeight = 64;

/**
 * Keeps the messages that the user looks at in place when older ones are loaded, and follows new ones only if the end was
 * in sight or the message is the user's own.
 *
 * @param activeKey the message that has the focus, whose row stays in the document
 */
export function useMessageScroll(list: Messages, activeKey: string | undefined): MessageScroll {
  const { messages, hasOlder } = list;
  const scroller = useRef<HTMLDivElement>(null);
  /** Whether the list was scrolled to its end after its first messages had arrived. */
  const hasStarted = useRef(false);
  const [isAtEnd, setAtEnd] = useState(true);
  const [isNearStart, setNearStart] = useState(false);
  const activeIndex = messages.findIndex(({ key }) => key === activeKey);
  // oxlint-disable-next-line react/incompatible-library -- The component that uses it is not compiled for that reason.
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLElement>({
    count: messages.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => messages[index]?.key ?? index,
    estimateSize: () => estimatedRowHeight,
    overscan: rowsAhead,
    anchorTo: 'end',
    scrollEndThreshold: endThreshold,
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      const hasActive = activeIndex === -1 || indexes.includes(activeIndex);
      return hasActive ? indexes : [...indexes, activeIndex].sort((a, b) => a - b);
    },
  });

  useLayoutEffect(() => {
    virtualizer.shouldAdjustScrollPositionOnItemSizeChange = startsAboveSight;
  }, [virtualizer]);

  const isEndInSight = useCallback(() => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = scroller.current ?? {};
    return scrollHeight - scrollTop - clientHeight <= endThreshold;
  }, []);
  /** Whether the list stays at its end, until the user scrolls up. */
  const wasAtEnd = useRef(true);
  /** The height of the list when it was last observed, and where it was scrolled to. */
  const last = useRef({ height: 0, top: 0 });
  const scrolled = useCallback(() => {
    const { clientHeight: height = 0, scrollTop: top = 0 } = scroller.current ?? {};
    // A list that has become smaller or larger is scrolled by the browser, and to its end again once that is observed.
    const isScrolledUp = top < last.current.top && height === last.current.height;
    wasAtEnd.current = isEndInSight() || (wasAtEnd.current && !isScrolledUp);
    last.current.top = top;
    setAtEnd(wasAtEnd.current);
    setNearStart(hasStarted.current && top < startThreshold);
  }, [isEndInSight]);

  useLayoutEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    last.current.height = current.clientHeight;
    // A field that grows, or the keyboard of a phone, makes the list smaller without an event of scrolling.
    const observer = new ResizeObserver(() => {
      last.current.height = current.clientHeight;
      if (wasAtEnd.current) virtualizer.scrollToEnd();
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [virtualizer]);

  // New rows, and rows that turn out to be higher than estimated, move the end: in a burst, while it is being scrolled to.
  const totalSize = virtualizer.getTotalSize();
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current !== null && hasStarted.current && wasAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [totalSize]);

  const newestKey = messages.at(-1)?.key;
  const isNewestMine = messages.at(-1)?.is_mine === true;
  useLayoutEffect(() => {
    if (newestKey === undefined || (hasStarted.current && !isNewestMine)) return;
    hasStarted.current = true;
    virtualizer.scrollToEnd();
    // Messages that do not fill the list cause no event.
    scrolled();
  }, [virtualizer, newestKey, isNewestMine, scrolled]);

  const { loadOlder: load } = list;
  const isLoading = useRef(false);
  const loadOlder = useCallback(async () => {
    if (isLoading.current) return;
    isLoading.current = true;
    // The state of the room shows a failure.
    await load().catch(() => {});
    isLoading.current = false;
  }, [load]);
  const pageStart = hasOlder && isNearStart ? messages[0]?.key : undefined;
  useEffect(() => {
    if (pageStart !== undefined) void loadOlder();
  }, [pageStart, loadOlder]);

  return { scroller, virtualizer, isAtEnd, isEndInSight, scrolled, loadOlder: () => void loadOlder() };
}

/**
 * Whether the rows that are wholly in sight would move with the height of a row. The virtualizer's default lets them while
 * the user scrolls up, but rows above change at any time: the oldest message loses its heading when older ones are loaded.
 */
function startsAboveSight(
  { start }: VirtualItem,
  _change: number,
  { scrollOffset }: Virtualizer<HTMLDivElement, HTMLElement>,
): boolean {
  return start < (scrollOffset ?? 0);
}
