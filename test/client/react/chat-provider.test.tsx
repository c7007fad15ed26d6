/** A provider owns the client that it creates for a URL, and leaves the application's client alone. */
import { act, render } from '@testing-library/react';
import { Activity, StrictMode, type ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryTokenStore, type TokenStore } from '../../../client/src/index.ts';
import { ChatProvider, useChat, useConnectionState, type Chat } from '../../../client/src/react/index.ts';
import { createFakeSystem, FakeSocket, problem, tokensOf } from '../fake-system.ts';
import { ann } from '../server-events.ts';
import { useRendering } from './kit.tsx';

useRendering();

beforeEach(() => {
  FakeSocket.all = [];
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const clock = { now: () => Date.now(), after: () => () => {} };

/** What the API is asked for, as `METHOD /path`. */
function fakeApi(): { requests: string[]; fetch: typeof globalThis.fetch } {
  const requests: string[] = [];
  return {
    requests,
    fetch: async (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      requests.push(`${init?.method} ${pathname}`);
      if (pathname === '/chat/ws-ticket/') return Response.json({ ticket: 't', expires_in: 30 });
      if (pathname === '/users/auth/login/') return Response.json(tokensOf(ann, clock));
      return problem(404, 'not_found');
    },
  };
}

let chat: Chat | undefined;

function Watching() {
  chat = useChat();
  const { state } = useConnectionState();
  return <p>{`${chat.status} ${chat.user?.username} ${state}`}</p>;
}

function owned(options: { fetch: typeof globalThis.fetch; tokens?: TokenStore }, url = 'http://chat.test') {
  return (
    <ChatProvider url={url} options={{ WebSocket: FakeSocket, persist: false, ...options }}>
      <Watching />
    </ChatProvider>
  );
}

const pass = (milliseconds: number): Promise<void> =>
  act(async () => void (await vi.advanceTimersByTimeAsync(milliseconds)));

const openSockets = (): number => FakeSocket.all.filter(({ readyState }) => readyState !== 3).length;

const signedInTokens = (): TokenStore => memoryTokenStore({ ...tokensOf(ann, clock), received_at: 0 });

describe.each([
  ['strict mode', (content: ReactNode) => <StrictMode>{content}</StrictMode>],
  ['plain mode', (content: ReactNode) => content],
])('a provider with a URL in %s', (_, wrap) => {
  test('connects one client, and disconnects it after it was unmounted', async () => {
    const { requests, fetch } = fakeApi();
    const { container, unmount } = render(wrap(owned({ fetch, tokens: signedInTokens() })));
    expect(container.textContent).toBe('loading undefined connecting');
    await pass(10);
    act(() => FakeSocket.all[0]?.accept());
    expect(container.textContent).toBe('signed-in ann live');
    expect(requests.filter((request) => request === 'POST /chat/ws-ticket/')).toHaveLength(1);
    expect(FakeSocket.all).toHaveLength(1);
    unmount();
    await pass(500);
    expect(openSockets()).toBe(1);
    await pass(1_000);
    expect(openSockets()).toBe(0);
  });

  test('keeps its connection when its effects are removed and run again, as on a hot reload', async () => {
    const { fetch } = fakeApi();
    const tokens = signedInTokens();
    const tree = (mode: 'visible' | 'hidden') =>
      wrap(<Activity mode={mode}>{owned({ fetch, tokens })}</Activity>);
    const { rerender } = render(tree('visible'));
    await pass(10);
    rerender(tree('hidden'));
    await pass(500);
    rerender(tree('visible'));
    await pass(3_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(openSockets()).toBe(1);
  });

  test('shows no user, and connects as soon as one has signed in', async () => {
    const { fetch } = fakeApi();
    const { container } = render(wrap(owned({ fetch })));
    await pass(10);
    expect(container.textContent).toBe('signed-out undefined signed-out');
    expect(FakeSocket.all).toHaveLength(0);
    await act(async () => void (await chat?.signIn('ann', 'secret')));
    await pass(10);
    act(() => FakeSocket.all[0]?.accept());
    expect(container.textContent).toBe('signed-in ann live');
  });

  test('uses another client for another URL, and disconnects the first one', async () => {
    const { fetch } = fakeApi();
    const tokens = signedInTokens();
    const { rerender } = render(wrap(owned({ fetch, tokens })));
    await pass(10);
    rerender(wrap(owned({ fetch, tokens }, 'http://other.test')));
    await pass(2_000);
    expect(FakeSocket.all.filter(({ readyState }) => readyState !== 3).map(({ url }) => url)).toEqual([
      'ws://other.test/ws/chat/?batch=1',
    ]);
  });
});

describe('a provider with a client', () => {
  test('neither connects nor disconnects it', async () => {
    const { client } = createFakeSystem();
    const connect = vi.spyOn(client, 'connect');
    const disconnect = vi.spyOn(client, 'disconnect');
    const { unmount } = render(
      <ChatProvider client={client}>
        <Watching />
      </ChatProvider>,
    );
    await pass(10);
    expect(chat?.client).toBe(client);
    unmount();
    await pass(3_000);
    expect(connect).not.toHaveBeenCalled();
    expect(disconnect).not.toHaveBeenCalled();
  });

  test('shows the user at once when the client is signed in already', async () => {
    const { client } = createFakeSystem();
    await client.signIn('ann', 'secret');
    const { container } = render(
      <ChatProvider client={client}>
        <Watching />
      </ChatProvider>,
    );
    expect(container.textContent).toBe('signed-in ann offline');
  });

  test('shows no user when the token store cannot be read', async () => {
    const tokens: TokenStore = { ...memoryTokenStore(), get: () => Promise.reject(new Error('forbidden')) };
    const { client } = createFakeSystem({ tokens });
    const { container } = render(
      <ChatProvider client={client}>
        <Watching />
      </ChatProvider>,
    );
    await pass(10);
    expect(container.textContent).toContain('signed-out');
  });
});
