/** Views of the items of one entity in a memory table as a map, with which tests read and prepare what is stored. */
import type { Item } from '../../../shared/storage/item.ts';
import { keyOf, type Key } from '../../../shared/storage/keys.ts';
import type { MemoryTable } from './memory-table.ts';

/** The values are copies: a change of one is stored by `set`. */
export interface MapView<T> {
  get(id: string): T | undefined;
  has(id: string): boolean;
  delete(id: string): boolean;
  keys(): IterableIterator<string>;
  values(): IterableIterator<T>;
  readonly size: number;
  [Symbol.iterator](): IterableIterator<[string, T]>;
}

export interface WritableMapView<T> extends MapView<T> {
  /** Stores a value regardless of what is stored. */
  set(value: T): void;
  /** Changes a stored value. */
  update(id: string, changes: Partial<T>): void;
}

interface EntityView<T> {
  /** Returns the id of an item of the entity, and undefined for other items. */
  idOf: (key: Key, item: Item) => string | undefined;
  parse: (item: Item) => T;
}

export function mapView<T>(table: MemoryTable, { idOf, parse }: EntityView<T>): MapView<T> {
  const found = () =>
    new Map(
      table.all().flatMap((item) => {
        const id = idOf(keyOf(item), item);
        return id === undefined ? [] : [[id, item] as const];
      }),
    );
  const parsed = () => new Map([...found()].map(([id, item]) => [id, parse(item)]));
  return {
    get(id) {
      const item = found().get(id);
      return item && parse(item);
    },
    has: (id) => found().has(id),
    delete(id) {
      const item = found().get(id);
      return item !== undefined && table.remove(keyOf(item));
    },
    keys: () => found().keys(),
    values: () => parsed().values(),
    get size() {
      return found().size;
    },
    [Symbol.iterator]: () => parsed().entries(),
  };
}

export function writableMapView<T extends object>(
  table: MemoryTable,
  { encode, ...entity }: EntityView<T> & { encode: (value: T) => Item },
): WritableMapView<T> {
  const view = mapView(table, entity);
  const set = (value: T): void => table.put(encode(value));
  // A spread would read the size once, instead of each time.
  return Object.assign(Object.create(view) as MapView<T>, {
    set,
    update(id: string, changes: Partial<T>) {
      const value = view.get(id);
      if (value === undefined) throw new Error(`No item is stored under ${id}`);
      set({ ...value, ...changes });
    },
    [Symbol.iterator]: () => view[Symbol.iterator](),
  });
}
