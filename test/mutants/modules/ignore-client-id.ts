/** Defect: a message is stored without its `client_id`, so that repeats of a send are stored again. */
import * as original from '../../../shared/storage/log-store.ts';

export * from '../../../shared/storage/log-store.ts';

export const logStore: typeof original.logStore = (table) => {
  const store = original.logStore(table);
  return {
    ...store,
    putMessage({ clientId: _ignored, ...entry }, contentHash) {
      return store.putMessage(entry, contentHash);
    },
  };
};
