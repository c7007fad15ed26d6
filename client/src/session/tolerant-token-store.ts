/** A token store over another one that may fail: what cannot be stored is kept in memory, and reported. */
import { guard } from '../guard.ts';
import type { StoredTokens, TokenStore } from './token-store.ts';

export function tolerantTokenStore(store: TokenStore, report: (error: unknown) => void): TokenStore {
  /** The tokens that were read or written last. */
  let last: StoredTokens | undefined;
  /** A change that could not be stored. It holds until another tab changes what the store has instead. */
  let unstored: { tokens: StoredTokens | undefined; instead: string | undefined } | undefined;

  const change = (
    tokens: StoredTokens | undefined,
    write: () => void | Promise<void>,
  ): void | Promise<void> => {
    const instead = unstored === undefined ? last?.refresh : unstored.instead;
    last = tokens;
    unstored = undefined;
    return guard(write, (error) => {
      unstored = { tokens, instead };
      report(error);
    });
  };
  const received = (tokens: StoredTokens | undefined): StoredTokens | undefined => {
    if (unstored === undefined || unstored.instead !== tokens?.refresh) {
      unstored = undefined;
      last = tokens;
    }
    return last;
  };
  return {
    get: () =>
      guard<StoredTokens | undefined>(
        () => {
          const tokens = store.get();
          return tokens instanceof Promise ? tokens.then(received) : received(tokens);
        },
        (error) => {
          report(error);
          return last;
        },
      ),
    set: (tokens) => change(tokens, () => store.set(tokens)),
    clear: () => change(undefined, () => store.clear()),
    watch: (listener) => store.watch?.(listener) ?? (() => {}),
  };
}
