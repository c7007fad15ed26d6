/** The hook for the state of the connection. */
import { useCallback } from 'react';
import type { ChatProblem, ChatState } from '../index.ts';
import { useSource } from './chat-context.ts';
import type { SourceSnapshot } from './client-source.ts';
import { haveSameFields, useSelected } from './use-selected.ts';

/** What `useConnectionState` returns. */
export interface ConnectionState {
  state: ChatState;
  /** Why the client is offline or signed out. */
  problem: ChatProblem | undefined;
  /** Why tokens, unsent messages or rooms are in memory only, and end with the page. */
  storageProblem: ChatProblem | undefined;
  /** Tries to connect now instead of after the current pause. */
  reconnectNow: () => void;
}

/**
 * Returns whether the client is connected.
 *
 * @example
 * function Banner() {
 *   const { state, reconnectNow } = useConnectionState();
 *   if (state !== 'offline') return null;
 *   return <p>You are offline. <button onClick={reconnectNow}>Try again</button></p>;
 * }
 */
export function useConnectionState(): ConnectionState {
  const source = useSource();
  const connection = useSelected(source, selectConnection, haveSameFields);
  const reconnectNow = useCallback(() => source.client.reconnectNow(), [source]);
  return { ...connection, reconnectNow };
}

function selectConnection(snapshot: SourceSnapshot | undefined): Omit<ConnectionState, 'reconnectNow'> {
  const { state = 'connecting', problem, storageProblem } = snapshot ?? {};
  return { state, problem, storageProblem };
}
