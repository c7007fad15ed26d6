/** The hook for the signed-in user and for everything that the client can do. */
import { useMemo } from 'react';
import type { ChatClient, SessionUser } from '../index.ts';
import { useSource } from './chat-context.ts';
import type { SourceSnapshot } from './client-source.ts';
import { haveSameFields, useSelected } from './use-selected.ts';

/**
 * - `loading`: the token store has not been read yet.
 * - `signed-in`: `user` is signed in.
 * - `signed-out`: no user is signed in.
 */
export type ChatStatus = 'loading' | 'signed-in' | 'signed-out';

/** What `useChat` returns. */
export interface Chat {
  status: ChatStatus;
  user: SessionUser | undefined;
  /** Creates an account and signs in. Rejects with a `ChatProblem`, like `client.register`. */
  register: (...args: Parameters<ChatClient['register']>) => Promise<SessionUser>;
  /** Signs in. Rejects with a `ChatProblem`, like `client.signIn`. */
  signIn: (...args: Parameters<ChatClient['signIn']>) => Promise<SessionUser>;
  /** Ends the session on this device and on the server. Never rejects. */
  signOut: () => Promise<void>;
  /**
   * The client, for event handlers and effects. A provider with a `url` creates its client when this is first read, so do
   * not read it while rendering.
   */
  readonly client: ChatClient;
}

/**
 * Returns the signed-in user, and the client with its most common methods.
 *
 * @example
 * function Account() {
 *   const chat = useChat();
 *   if (chat.status === 'loading') return null;
 *   if (chat.user === undefined) return <SignInForm onSubmit={chat.signIn} />;
 *   return <button onClick={chat.signOut}>Sign out {chat.user.username}</button>;
 * }
 */
export function useChat(): Chat {
  const source = useSource();
  const { status, user } = useSelected(source, selectUser, haveSameFields);
  return useMemo(
    () => ({
      status,
      user,
      register: (...args) => source.client.register(...args),
      signIn: (...args) => source.client.signIn(...args),
      signOut: () => source.client.signOut(),
      get client() {
        return source.client;
      },
    }),
    [source, status, user],
  );
}

function selectUser(snapshot: SourceSnapshot | undefined): Pick<Chat, 'status' | 'user'> {
  const user = snapshot?.user;
  if (user !== undefined) return { status: 'signed-in', user };
  return { status: snapshot?.hasReadUser === true ? 'signed-out' : 'loading', user };
}
