/** Keeps frames back until the next one to the same socket has gone, or for as long as each may be kept. */

export interface HeldFrames {
  hold(connectionId: string, deliver: () => unknown, maxMs: number): void;
  /** Delivers what is held for the socket. */
  release(connectionId: string): void;
}

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
