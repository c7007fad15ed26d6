/** Moves and sizes the square of a picture with pointers, a wheel and keys. */
import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { movedArea, zoomedArea, zoomOf, type CropArea, type ImageSize } from './crop-area.ts';

export interface CropGestures {
  keyPressed: (event: KeyboardEvent) => void;
  pointerPressed: (event: PointerEvent) => void;
  pointerMoved: (event: PointerEvent) => void;
  pointerReleased: (event: PointerEvent) => void;
}

interface Point {
  x: number;
  y: number;
}

/** A key moves by this share of the square, and zooms by this factor. */
const keyStep = 0.05;
const keyFactor = 1.15;
/** A wheel turned by this many pixels zooms by the factor e. */
const wheelPixels = 400;

/**
 * @param view the element that shows the square
 * @param change called with a function that returns the next square
 */
export function useCropGestures(
  view: RefObject<HTMLElement | null>,
  size: ImageSize,
  change: (next: (area: CropArea) => CropArea) => void,
): CropGestures {
  /** Where each pressed pointer is, in shares of the view. */
  const pressed = useRef(new Map<number, Point>());

  function placeOf({ clientX, clientY }: { clientX: number; clientY: number }): Point {
    const { left = 0, top = 0, width = 1, height = 1 } = view.current?.getBoundingClientRect() ?? {};
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  }

  useEffect(() => {
    const { current } = view;
    function turned(event: WheelEvent): void {
      // The page behind would scroll, and zoom when the wheel is a pinch on a touch pad.
      event.preventDefault();
      const factor = Math.exp(-event.deltaY / (event.ctrlKey ? wheelPixels / 4 : wheelPixels));
      const at = placeOf(event);
      change((area) => zoomedArea(size, area, zoomOf(size, area) * factor, at));
    }
    // React's own listener is passive: it cannot keep the page from scrolling.
    current?.addEventListener('wheel', turned, { passive: false });
    return () => current?.removeEventListener('wheel', turned);
  });

  function dragged(id: number, to: Point): void {
    const from = pressed.current.get(id);
    if (from === undefined) return;
    const other = [...pressed.current].find(([one]) => one !== id)?.[1];
    pressed.current.set(id, to);
    if (other === undefined) {
      change((area) => movedArea(size, area, from.x - to.x, from.y - to.y));
      return;
    }
    const factor = distance(to, other) / Math.max(0.01, distance(from, other));
    const middle = { x: (to.x + other.x) / 2, y: (to.y + other.y) / 2 };
    change((area) => {
      const moved = movedArea(size, area, (from.x - to.x) / 2, (from.y - to.y) / 2);
      return zoomedArea(size, moved, zoomOf(size, moved) * factor, middle);
    });
  }

  return {
    pointerPressed(event) {
      event.currentTarget.setPointerCapture(event.pointerId);
      pressed.current.set(event.pointerId, placeOf(event));
    },
    pointerMoved: (event) => dragged(event.pointerId, placeOf(event)),
    pointerReleased: (event) => void pressed.current.delete(event.pointerId),
    keyPressed(event) {
      const next = afterKey(event.key, size);
      if (next === undefined) return;
      event.preventDefault();
      change(next);
    },
  };
}

/** Returns the change that a key makes; undefined for other keys. */
function afterKey(key: string, size: ImageSize): ((area: CropArea) => CropArea) | undefined {
  const zoomBy = (factor: number) => (area: CropArea) => zoomedArea(size, area, zoomOf(size, area) * factor);
  const moveBy = (right: number, down: number) => (area: CropArea) => movedArea(size, area, right, down);
  switch (key) {
    case 'ArrowLeft':
      return moveBy(-keyStep, 0);
    case 'ArrowRight':
      return moveBy(keyStep, 0);
    case 'ArrowUp':
      return moveBy(0, -keyStep);
    case 'ArrowDown':
      return moveBy(0, keyStep);
    case '+':
    case '=':
      return zoomBy(keyFactor);
    case '-':
      return zoomBy(1 / keyFactor);
    default:
      return undefined;
  }
}

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);
