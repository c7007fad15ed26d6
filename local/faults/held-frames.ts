/** Holds frames back until the next frame to the same socket has been sent, or until their time limit. */

export interface HeldFrames {
  hold(connectionId: string, deliver: () => unknown, maxMs: number): void;
  /** Delivers the frames held for a socket. */
  release(connectionId: string): void;
}

/** Creates an empty store of held frames. */
export function createHeldFrames(): HeldFrames {
  const held = new Map<string, (() => void)[]>();

  function release(connectionId: string): void {
    const frames = held.get(connectionId);
    if (frames === undefined) return;
    held.delete(connectionId);
    for (const deliver of frames) deliver();
  }

  return {
    release,
    hold(connectionId, deliver, maxMs) {
      const timer = setTimeout(release, maxMs, connectionId);
      const frames = held.get(connectionId) ?? [];
      frames.push(() => {
        clearTimeout(timer);
        deliver();
      });
      held.set(connectionId, frames);
    },
  };
}
