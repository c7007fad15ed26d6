/** Loads a list of the server page by page, as the user asks for more. */
import { useEffect, useRef, useState } from 'react';
import { ChatProblem, type ChatClient, type PagedList } from 'serverless-chat-client';
import { useChat } from 'serverless-chat-client/react';

export interface Pages<T> {
  items: readonly T[];
  /** Whether there may be more items than those that are loaded. */
  hasMore: boolean;
  isLoading: boolean;
  /** A sentence to show. */
  problem: string | undefined;
  loadMore: () => void;
  /** Starts again with the first page. */
  reload: () => void;
}

/** Items that are added at once: those of one full page of the server. */
const step = 100;

/** @param open the same function at each render */
export function usePages<T>(open: (client: ChatClient) => PagedList<T>): Pages<T> {
  const chat = useChat();
  const [version, setVersion] = useState(0);
  const [items, setItems] = useState<readonly T[]>([]);
  const [hasMore, setHasMore] = useState(true);
  const [isLoading, setLoading] = useState(true);
  const [problem, setProblem] = useState<string>();
  const reader = useRef<() => Promise<void>>(undefined);

  useEffect(() => {
    let isCurrent = version >= 0;
    const pages = open(chat.client).pages();
    let loaded: T[] = [];
    async function read(): Promise<void> {
      setLoading(true);
      setProblem(undefined);
      try {
        const { found, isLast } = await readStep(pages);
        loaded = [...loaded, ...found];
        if (!isCurrent) return;
        setItems(loaded);
        setHasMore(!isLast);
      } catch (error) {
        if (!(error instanceof ChatProblem)) throw error;
        // Pages that have failed cannot be read any further.
        reader.current = async () => setVersion(version + 1);
        if (isCurrent) setProblem(error.detail);
      } finally {
        if (isCurrent) setLoading(false);
      }
    }
    reader.current = read;
    void read();
    return () => {
      isCurrent = false;
    };
  }, [chat, open, version]);

  return {
    items,
    hasMore,
    isLoading,
    problem,
    loadMore: () => void reader.current?.(),
    reload: () => setVersion(version + 1),
  };
}

/** Reads pages until there are enough items: a page may have fewer than the server's limit without being the last. */
async function readStep<T>(pages: AsyncGenerator<T[], void>): Promise<{ found: T[]; isLast: boolean }> {
  const found: T[] = [];
  while (found.length < step) {
    const { value, done } = await pages.next();
    if (done === true) return { found, isLast: true };
    found.push(...(value ?? []));
  }
  return { found, isLast: false };
}
