/** A set of listeners. */

export class Listeners<A extends unknown[] = []> {
  private readonly listeners = new Set<(...args: A) => void>();

  get size(): number {
    return this.listeners.size;
  }

  /** The result takes the listener out again. */
  add(listener: (...args: A) => void): () => void {
    // Wrapped, so that a function that is added twice is called twice and taken out once.
    const own = (...args: A): void => listener(...args);
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  tell(...args: A): void {
    for (const listener of Array.from(this.listeners)) listener(...args);
  }
}
