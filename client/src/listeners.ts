/** A set of functions to call when something has happened. */

export class Listeners<A extends unknown[] = []> {
  readonly #listeners = new Set<(...args: A) => void>();

  get size(): number {
    return this.#listeners.size;
  }

  /** Adds a listener, and returns a function that removes it. */
  add(listener: (...args: A) => void): () => void {
    // Wrapped, so that a function that was added twice is called twice, and each removal removes one of the two.
    const wrapper = (...args: A): void => listener(...args);
    this.#listeners.add(wrapper);
    return () => void this.#listeners.delete(wrapper);
  }

  notify(...args: A): void {
    for (const listener of Array.from(this.#listeners)) listener(...args);
  }
}
