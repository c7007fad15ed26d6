/** Reads a part of a store's snapshot, so that a component renders only when that part changes. */
import { useMemo, useSyncExternalStore } from 'react';

/** What the client and its rooms have in common. */
export interface Store<S> {
  subscribe: (listener: () => void) => () => void;
  getSnapshot: () => S | undefined;
}

/**
 * Returns the part of the store's snapshot that `select` reads. Without a store, and on a server, the snapshot is
 * undefined.
 *
 * @param select the same function at each render
 * @param isEqual keeps the previous part when the new one has the same content
 */
export function useSelected<S, T>(
  store: Store<S> | undefined,
  select: (snapshot: S | undefined) => T,
  isEqual: (a: T, b: T) => boolean = Object.is,
): T {
  const selection = useMemo(() => new Selection(store, select, isEqual), [store, select, isEqual]);
  return useSyncExternalStore(
    store?.subscribe ?? subscribeToNothing,
    selection.getSnapshot,
    selection.getServerSnapshot,
  );
}

/** The selected part of a store: the same value until its content changes. */
class Selection<S, T> {
  readonly #store: Store<S> | undefined;
  readonly #select: (snapshot: S | undefined) => T;
  readonly #isEqual: (a: T, b: T) => boolean;
  readonly #nothing: T;
  #last: { snapshot: S | undefined; selected: T };

  constructor(
    store: Store<S> | undefined,
    select: (snapshot: S | undefined) => T,
    isEqual: (a: T, b: T) => boolean,
  ) {
    this.#store = store;
    this.#select = select;
    this.#isEqual = isEqual;
    this.#nothing = select(undefined);
    this.#last = { snapshot: undefined, selected: this.#nothing };
  }

  getSnapshot = (): T => {
    const snapshot = this.#store?.getSnapshot();
    if (snapshot !== this.#last.snapshot) {
      const next = this.#select(snapshot);
      const { selected } = this.#last;
      this.#last = { snapshot, selected: this.#isEqual(selected, next) ? selected : next };
    }
    return this.#last.selected;
  };

  getServerSnapshot = (): T => this.#nothing;
}

function subscribeToNothing(): () => void {
  return () => {};
}

/** Whether two lists have the same items in the same order. */
export function haveSameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Whether two objects have the same values. */
export function haveSameFields<T extends object>(a: T, b: T): boolean {
  const fields = Object.entries(a);
  const others = new Map(Object.entries(b));
  return fields.length === others.size && fields.every(([name, value]) => others.get(name) === value);
}
