/** Loads something of the user once the view is shown. */
import { useEffect, useState } from 'react';
import type { ChatClient } from 'serverless-chat-client';
import { ChatProblem } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';

/**
 * Returns what `load` returned last, why it failed, and a function that loads it again.
 *
 * @param load a function outside of the component
 */
export function useLoaded<T>(load: (client: ChatClient) => Promise<T>) {
  const chat = useChat();
  const [version, setVersion] = useState(0);
  const [loaded, setLoaded] = useState<{ value?: T; problem?: string }>({});
  useEffect(() => {
    let isCurrent = version >= 0;
    load(chat.client).then(
      (value) => isCurrent && setLoaded({ value }),
      (error: unknown) => {
        if (!(error instanceof ChatProblem)) throw error;
        if (isCurrent) setLoaded({ problem: error.detail });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [chat, load, version]);
  return { ...loaded, reload: () => setVersion(version + 1) };
}
