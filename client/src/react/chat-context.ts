/** The context through which a provider reaches its hooks. */
import { createContext, useContext } from 'react';
import type { ClientSource } from './client-source.ts';

export const ChatContext = createContext<ClientSource | undefined>(undefined);

/** Returns the client of the nearest provider. */
export function useSource(): ClientSource {
  const source = useContext(ChatContext);
  if (source === undefined) throw new Error('Render this component inside of a <ChatProvider>');
  return source;
}
