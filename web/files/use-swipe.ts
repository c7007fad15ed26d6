/** Tells when a finger was drawn to one side. */
import { useRef, type PointerEvent } from 'react';

/** In pixels: shorter ways, and those that lead more up or down, are no swipe. */
const minWay = 50;

/** @param swiped called with 1 for a way to the left, which leads on, and with -1 for one to the right, which leads back */
export function useSwipe(swiped: (step: 1 | -1) => void) {
  const start = useRef<{ id: number; x: number; y: number }>(undefined);
  return {
    onPointerDown({ pointerType, pointerId: id, clientX: x, clientY: y, isPrimary }: PointerEvent): void {
      // A second finger makes a pinch of it.
      start.current = pointerType === 'touch' && isPrimary ? { id, x, y } : undefined;
    },
    onPointerUp({ pointerId, clientX, clientY }: PointerEvent): void {
      const { current } = start;
      start.current = undefined;
      if (current?.id !== pointerId) return;
      const [right, down] = [clientX - current.x, clientY - current.y];
      if (Math.abs(right) >= minWay && Math.abs(right) > 2 * Math.abs(down)) swiped(right < 0 ? 1 : -1);
    },
    onPointerCancel(): void {
      start.current = undefined;
    },
  };
}
