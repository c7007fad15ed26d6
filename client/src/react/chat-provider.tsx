/** The component that gives a client to the hooks below it. */
import { useEffect, useState, type ReactNode } from 'react';
import { createChatClient, type ChatClient, type ChatClientOptions } from '../index.ts';
import { ChatContext } from './chat-context.ts';
import { ClientSource } from './client-source.ts';

/** Either a client of the application, or an address for which the provider creates one. */
export type ChatProviderProps = { children?: ReactNode } & (
  | {
      /** A client that the application creates, connects and disconnects. */
      client: ChatClient;
      url?: never;
      options?: never;
    }
  | {
      /** The API's address. The provider creates a client for it, and keeps it connected while it is mounted. */
      url: string;
      /** The other options of that client, which are read once for each address. */
      options?: Omit<ChatClientOptions, 'url'>;
      client?: never;
    }
);

/**
 * Gives a client to the hooks of all components below it.
 *
 * With a `url`, the provider owns its client: it creates the client, connects it, and disconnects it a second after the
 * provider was unmounted. Strict mode and hot reload, which unmount and mount again at once, keep the connection. On a
 * server no client is created.
 *
 * With a `client`, the application owns it and calls `connect` itself.
 *
 * @example
 * <ChatProvider url="https://chat.example">
 *   <Conversation />
 * </ChatProvider>
 * @example
 * const client = createChatClient({ url: 'https://chat.example' });
 * client.connect();
 *
 * <ChatProvider client={client}>
 *   <Conversation />
 * </ChatProvider>
 */
export function ChatProvider(props: ChatProviderProps) {
  const { client, url, children } = props;
  const [current, setCurrent] = useState(() => ({ client, url, source: sourceOf(props) }));
  let { source } = current;
  if (current.client !== client || current.url !== url) {
    source = sourceOf(props);
    setCurrent({ client, url, source });
  }
  useEffect(() => source.hold(), [source]);
  return <ChatContext.Provider value={source}>{children}</ChatContext.Provider>;
}

function sourceOf(props: ChatProviderProps): ClientSource {
  const { client } = props;
  if (client !== undefined) return new ClientSource(client);
  const { url, options } = props;
  return new ClientSource(() => createChatClient({ ...options, url }));
}
