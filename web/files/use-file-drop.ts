/** Takes files that are dropped anywhere on an element, and tells while they are above it. */
import { useState, type DragEvent } from 'react';

export interface FileDrop {
  /** Whether files are above the element, so that they can be dropped. */
  isOver: boolean;
  /** The listeners of the element. */
  listeners: Record<'onDragEnter' | 'onDragOver' | 'onDragLeave' | 'onDrop', (event: DragEvent) => void>;
}

/** @param take called with the files; undefined while none can be taken */
export function useFileDrop(take: ((files: readonly File[]) => void) | undefined): FileDrop {
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = take === undefined ? 'none' : 'copy';
    setOver(take !== undefined);
  };
  return {
    isOver,
    listeners: {
      onDragEnter: over,
      onDragOver: over,
      onDragLeave({ currentTarget, relatedTarget }) {
        // Also fired when the pointer moves from one part of the element to another.
        if (!(relatedTarget instanceof Node && currentTarget.contains(relatedTarget))) setOver(false);
      },
      onDrop(event) {
        setOver(false);
        // A part of the element may have taken them.
        if (!hasFiles(event) || event.defaultPrevented) return;
        // The browser would open the file in place of the page.
        event.preventDefault();
        take?.(droppedFiles(event));
      },
    },
  };
}

/** Whether files are dragged, and not over a dialog, which covers the element. */
function hasFiles({ dataTransfer, target }: DragEvent): boolean {
  const isInDialog = target instanceof Element && target.closest('dialog') !== null;
  return dataTransfer.types.includes('Files') && !isInDialog;
}

/** Returns the files without folders, which browsers show as files that cannot be read. */
function droppedFiles({ dataTransfer }: DragEvent): File[] {
  return [...dataTransfer.items]
    .filter((item) => item.kind === 'file' && item.webkitGetAsEntry()?.isDirectory !== true)
    .flatMap((item) => item.getAsFile() ?? []);
}
