/** The entry of the package: creates a client from its options. */
import type { ChatClientOptions } from './chat-client-types.ts';
import { ChatClient } from './chat-client.ts';

/**
 * Creates a client. Only the `url` is needed. In a browser it keeps tokens and unsent messages in `localStorage`; with
 * `persist: false`, and outside of browsers, it keeps them in memory. It opens no connection before `connect`.
 *
 * @example <caption>In a browser</caption>
 * const client = createChatClient({ url: 'https://chat.example' });
 * if ((await client.findUser()) === undefined) await client.signIn('ann', 'lantern-orbit-42');
 * client.connect();
 * const room = client.room('general');
 *
 * @example <caption>With the sign-in of an application</caption>
 * const client = createChatClient({ url: 'https://chat.example', getToken: () => session.chatToken() });
 * client.connect();
 *
 * @example <caption>In Node before version 22, with the class of the package `ws`</caption>
 * const client = createChatClient({ url: 'https://chat.example', WebSocket });
 */
export function createChatClient(options: ChatClientOptions): ChatClient {
  return new ChatClient(options);
}
