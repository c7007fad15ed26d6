/** The hooks for what a room shows: each renders only for its own part, and sends what the user does. */
import { act } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import {
  useMessages,
  usePresence,
  useRoom,
  useTyping,
  useUnread,
  type Messages,
  type TypingState,
  type Unread,
} from '../../../client/src/react/index.ts';
import type { Room } from '../../../client/src/index.ts';
import { ack, ann, bob, historyEnd, refusal, roomId, said, type Frame } from '../server-events.ts';
import { renderOpenRoom, useRendering } from './kit.tsx';

useRendering();

/** What each hook returned last, and how often its component was rendered. */
interface Seen {
  room?: Room | undefined;
  messages: Messages;
  typing: TypingState;
  unread: Unread;
  counts: { page: number; messages: number; typing: number; presence: number; unread: number };
  present: string;
}

function watching(): { seen: Seen; page: React.ReactNode } {
  const counts = { page: 0, messages: 0, typing: 0, presence: 0, unread: 0 };
  const seen = { counts } as Seen;
  function MessagesOf({ room }: { room: Room | undefined }) {
    counts.messages += 1;
    seen.messages = useMessages(room);
    return null;
  }
  function TypingOf({ room }: { room: Room | undefined }) {
    counts.typing += 1;
    seen.typing = useTyping(room);
    return null;
  }
  function PresenceOf({ room }: { room: Room | undefined }) {
    counts.presence += 1;
    const { users, userCount } = usePresence(room);
    seen.present = `${users.map(({ username }) => username).join(', ')} of ${userCount}`;
    return null;
  }
  function UnreadOf({ room }: { room: Room | undefined }) {
    counts.unread += 1;
    seen.unread = useUnread(room);
    return null;
  }
  function Page() {
    counts.page += 1;
    const { room } = useRoom('general');
    seen.room = room;
    return (
      <>
        <MessagesOf room={room} />
        <TypingOf room={room} />
        <PresenceOf room={room} />
        <UnreadOf room={room} />
      </>
    );
  }
  return { seen, page: <Page /> };
}

const typing = (isTyping: boolean): Frame => ({
  type: 'typing_indicator',
  user: 'bob',
  user_id: bob.id,
  room: 'general',
  room_id: roomId,
  is_typing: isTyping,
  expires_in_ms: 8_000,
});

const contents = ({ messages }: Messages): string[] => messages.map(({ content }) => content);

describe('the hooks of a room', () => {
  test('render only the components whose part has changed', async () => {
    const { seen, page } = watching();
    const { push } = await renderOpenRoom(page, { messages: 2 });
    const { counts } = seen;
    const before = { ...counts };
    push(typing(true));
    expect(counts).toEqual({ ...before, typing: before.typing + 1 });
    push({ type: 'user_join', user_id: bob.id, username: 'bob', room_id: roomId });
    expect(counts).toEqual({ ...before, typing: before.typing + 1, presence: before.presence + 1 });
    push({
      type: 'message_read',
      room_id: roomId,
      user_id: bob.id,
      username: 'bob',
      message_id: 'm1',
      read_at: '2027-01-15T08:00:00.000Z',
    });
    expect(counts).toMatchObject({ messages: before.messages, unread: before.unread + 1 });
    // The message also ends the typing indicator of its author.
    push(said(3));
    expect(counts).toMatchObject({ page: before.page, messages: before.messages + 1 });
    expect(contents(seen.messages)).toEqual(['message 1', 'message 2', 'message 3']);
  });

  test('do not render the messages for a typing indicator while a message waits to be sent', async () => {
    const { seen, page } = watching();
    const { push } = await renderOpenRoom(page, { messages: 1 });
    act(() => void seen.messages.send('waiting'));
    const before = seen.counts.messages;
    push(typing(true));
    push(typing(false));
    expect(seen.counts.messages).toBe(before);
  });

  test('keep their functions while the room stays the same', async () => {
    const { seen, page } = watching();
    const { push } = await renderOpenRoom(page, { messages: 1 });
    const before = { ...seen.messages };
    push(said(2));
    expect(seen.messages.send).toBe(before.send);
    expect(seen.messages.loadOlder).toBe(before.loadOlder);
  });
});

describe('useMessages', () => {
  test('shows a message at once, and as sent under the same key when the server has stored it', async () => {
    const { seen, page } = watching();
    const { push, socket } = await renderOpenRoom(page);
    let key = '';
    act(() => {
      key = seen.messages.send('hi');
    });
    expect(seen.messages.messages).toMatchObject([{ key, content: 'hi', state: 'sending' }]);
    push(ack(socket().ofType('message')[0], 1));
    expect(seen.messages.messages).toMatchObject([{ key, content: 'hi', state: 'sent', seq: 1 }]);
  });

  test('shows why a message failed, and sends it again or discards it', async () => {
    const { seen, page } = watching();
    const { push, socket } = await renderOpenRoom(page);
    act(() => void seen.messages.send('refused'));
    push(refusal(socket().ofType('message')[0], 4003, 'forbidden'));
    expect(seen.messages.messages).toMatchObject([{ state: 'failed', problem: { code: 'forbidden' } }]);
    act(() => seen.messages.retry(seen.messages.messages[0]!));
    expect(seen.messages.messages).toMatchObject([{ state: 'sending' }]);
    push(refusal(socket().ofType('message')[1], 4003, 'forbidden'));
    act(() => seen.messages.discard(seen.messages.messages[0]!));
    expect(seen.messages.messages).toEqual([]);
  });

  test('throws for content that the server would refuse, and shows nothing', async () => {
    const { seen, page } = watching();
    await renderOpenRoom(page);
    expect(() => seen.messages.send('  ')).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(seen.messages.messages).toEqual([]);
  });

  test('edits and deletes the user’s own messages, and discards those that were not sent', async () => {
    const { seen, page } = watching();
    const { push, socket, system } = await renderOpenRoom(page);
    act(() => void seen.messages.send('first'));
    push(ack(socket().ofType('message')[0], 1));
    const stored = () => seen.messages.messages[0]!;
    const { state: _, is_mine: __, key: ___, ...message } = stored();
    system.answers.set('PATCH /chat/messages/m1/edit/', () =>
      Response.json({ ...message, content: 'second', edited_at: '2027-01-15T09:00:00.000Z' }),
    );
    await act(() => seen.messages.edit(stored(), 'second'));
    expect(contents(seen.messages)).toEqual(['second']);
    system.answers.set('DELETE /chat/messages/m1/delete/', () => new Response(null, { status: 204 }));
    await act(() => seen.messages.remove(stored()));
    expect(stored()).toMatchObject({ is_deleted: true });
    act(() => void seen.messages.send('unsent'));
    await act(() => seen.messages.remove(seen.messages.messages[1]!));
    expect(seen.messages.messages).toHaveLength(1);
  });

  test('rejects an edit of a message that was not sent yet', async () => {
    const { seen, page } = watching();
    await renderOpenRoom(page);
    act(() => void seen.messages.send('waiting'));
    await expect(seen.messages.edit(seen.messages.messages[0]!, 'other')).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('loads older messages page by page, and says while it does so', async () => {
    const { seen, page } = watching();
    const { push, socket } = await renderOpenRoom(page, { messages: 5, firstSeq: 4 });
    expect([contents(seen.messages), seen.messages.hasOlder]).toEqual([['message 4', 'message 5'], true]);
    let loading = Promise.resolve();
    act(() => {
      loading = seen.messages.loadOlder();
    });
    expect(seen.messages.isLoadingOlder).toBe(true);
    expect(socket().ofType('history')).toMatchObject([{ before: 4, room_id: roomId }]);
    push([said(1), said(2), said(3), historyEnd(5, { first_seq: 1 })]);
    await act(() => loading);
    expect(seen.messages).toMatchObject({ isLoadingOlder: false, hasOlder: false });
    expect(contents(seen.messages)).toEqual([1, 2, 3, 4, 5].map((seq) => `message ${seq}`));
  });
});

describe('useTyping and usePresence', () => {
  test('show the others who type and who are present, and send the user’s own typing sparingly', async () => {
    const { seen, page } = watching();
    const { push, socket, pass } = await renderOpenRoom(page);
    push([{ type: 'room_users_list', room_id: roomId, users: [ann, bob] }, typing(true)]);
    expect([seen.present, seen.typing.typing]).toEqual(['ann, bob of 2', [bob]]);
    await pass(9_000);
    expect(seen.typing.typing).toEqual([]);
    for (let key = 0; key < 5; key += 1) seen.typing.setTyping();
    seen.typing.setTyping(false);
    expect(socket().ofType('typing')).toMatchObject([{ is_typing: true }, { is_typing: false }]);
  });
});

describe('useUnread', () => {
  test('counts the messages after the read marker, finds the first of them, and moves the marker', async () => {
    const { seen, page } = watching();
    const { push, pass, system } = await renderOpenRoom(page, { messages: 3, lastRead: 'm1' });
    expect(seen.unread).toMatchObject({ isKnown: true, unread: 2, firstUnreadKey: 'm2' });
    push(said(4));
    expect(seen.unread).toMatchObject({ unread: 3, firstUnreadKey: 'm2' });
    act(() => seen.unread.markRead(seen.messages.messages[2]));
    expect(seen.unread).toMatchObject({ unread: 1, firstUnreadKey: 'm4' });
    act(() => seen.unread.markRead());
    expect(seen.unread).toMatchObject({ unread: 0, firstUnreadKey: undefined });
    await pass(2_000);
    expect(system.requests).toContain(`POST /chat/rooms/${roomId}/read/`);
  });

  test('marks messages as unread again', async () => {
    const { seen, page } = watching();
    const { system } = await renderOpenRoom(page, { messages: 3, lastRead: 'm3' });
    const state = { last_read_message_id: 'm1', unread_count: 2 };
    system.answers.set(`POST /chat/rooms/${roomId}/unread/`, () => Response.json(state));
    await act(() => seen.unread.markUnread(seen.messages.messages[1]!));
    expect(seen.unread).toMatchObject({ unread: 2, isMarkedUnread: true, firstUnreadKey: 'm2' });
    expect(system.bodies.at(-1)).toEqual({ message_id: 'm2' });
  });
});
