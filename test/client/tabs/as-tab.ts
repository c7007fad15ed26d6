/** What a browser offers to the pages of one origin, put in place for the moment in which a client is created. */
import type { ChannelConstructor } from '../../../client/src/tabs/tab-messages.ts';
import type { LocksLike } from '../../../client/src/tabs/locks.ts';
// Loaded beforehand: the client loads it on demand, which takes a time that no clock of a test measures.
import '../../../client/src/tabs/tabs.ts';

/** Calls `create`, which finds these locks and this class of channels in the global object. */
export function asTab<T>(
  offered: { locks: LocksLike; BroadcastChannel: ChannelConstructor },
  create: () => T,
): T {
  const { locks, BroadcastChannel } = offered;
  const replaced = { navigator: { locks }, BroadcastChannel };
  const before = Object.keys(replaced).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(replaced))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    return create();
  } finally {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, descriptor);
    }
  }
}
