/** Web Locks as values: a lock that is held until it is released, or until another tab takes it away. */

/** The part of `navigator.locks` that the client uses. */
export interface LocksLike {
  request(
    name: string,
    options: { ifAvailable?: boolean; steal?: boolean; signal?: AbortSignal },
    callback: (lock: unknown) => Promise<void> | undefined,
  ): Promise<unknown>;
}

export interface HeldLock {
  release(): void;
  /** Resolves when the lock is not held any more: it was released, or another tab has taken it. */
  ended: Promise<void>;
}

type LockOptions = Parameters<LocksLike['request']>[1];

/** Returns undefined when the lock is not available, or when the signal ended the wait for it. */
function hold(locks: LocksLike, name: string, options: LockOptions): Promise<HeldLock | undefined> {
  return new Promise((resolve, reject) => {
    const granted = (): Promise<void> =>
      new Promise((release) => resolve({ release, ended: requested.then(noResult, noResult) }));
    const requested = Promise.resolve(
      locks.request(name, options, (lock) => {
        if (lock !== null) return granted();
        resolve(undefined);
        return undefined;
      }),
    );
    // After the lock was granted, this has no effect.
    requested.catch((error: unknown) =>
      options.signal?.aborted === true ? resolve(undefined) : reject(error),
    );
  });
}

const noResult = (): void => undefined;

/** Returns undefined when another tab has the lock. Rejects where the browser denies locks to the page. */
export const tryLock = (locks: LocksLike, name: string): Promise<HeldLock | undefined> =>
  hold(locks, name, { ifAvailable: true });

/** Waits until the lock is free. Returns undefined when the signal ends the wait. */
export const waitForLock = (
  locks: LocksLike,
  name: string,
  signal: AbortSignal,
): Promise<HeldLock | undefined> => hold(locks, name, { signal });

/** Takes the lock away from the tab that has it. */
export const stealLock = (locks: LocksLike, name: string): Promise<HeldLock | undefined> =>
  hold(locks, name, { steal: true });
