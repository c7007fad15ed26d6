// @vitest-environment node
/** On a server the hooks show that nothing is loaded yet, and no client is created. */
import { renderToString } from 'react-dom/server';
import { describe, expect, test, vi } from 'vitest';
import {
  ChatProvider,
  useChat,
  useConnectionState,
  useMessages,
  usePresence,
  useRoom,
  useRooms,
  useTyping,
  useUnread,
} from '../../../client/src/react/index.ts';
import { createFakeSystem } from '../fake-system.ts';

function Page() {
  const { status, user } = useChat();
  const { state } = useConnectionState();
  const { rooms, status: listStatus } = useRooms();
  const { room, status: roomStatus, name } = useRoom('general');
  const { messages, hasOlder } = useMessages(room);
  const { typing } = useTyping(room);
  const { userCount } = usePresence(room);
  const { unread } = useUnread(room);
  const shown = { status, user, state, rooms, listStatus, roomStatus, name, messages, hasOlder };
  return <p>{JSON.stringify({ ...shown, typing, userCount, unread })}</p>;
}

const expected = {
  status: 'loading',
  state: 'connecting',
  rooms: [],
  listStatus: 'loading',
  roomStatus: 'opening',
  name: 'general',
  messages: [],
  hasOlder: false,
  typing: [],
  userCount: 0,
  unread: 0,
};

const shownIn = (html: string): unknown =>
  JSON.parse(html.replaceAll(/<[^>]*>/g, '').replaceAll('&quot;', '"'));

describe('a page that is rendered on a server', () => {
  test('shows that nothing is loaded, and needs neither a WebSocket nor a network', () => {
    const fetch = vi.fn<typeof globalThis.fetch>();
    const html = renderToString(
      <ChatProvider url="https://chat.test" options={{ fetch }}>
        <Page />
      </ChatProvider>,
    );
    expect(shownIn(html)).toEqual(expected);
    expect(fetch).not.toHaveBeenCalled();
  });

  test('shows nothing of a signed-in client, since the first render in the browser has to be the same', async () => {
    const { client, requests } = createFakeSystem();
    await client.signIn('ann', 'secret');
    const before = [...requests];
    const html = renderToString(
      <ChatProvider client={client}>
        <Page />
      </ChatProvider>,
    );
    expect(shownIn(html)).toEqual(expected);
    expect(requests).toEqual(before);
  });
});
