/** The list of messages scrolls, loads, marks what is new, and can be used with keys. */
import { act, fireEvent } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import { MessageList, useRoom, type MessageListProps } from '../../../client/src/react/index.ts';
import { ann, historyEnd, roomId, said } from '../server-events.ts';
import { renderOpenRoom, useRendering } from './kit.tsx';
import { listHeight, rowHeight, useLayout } from './layout.ts';

useRendering();
useLayout();

function Conversation(props: Partial<MessageListProps>) {
  const { room } = useRoom('general');
  return <MessageList room={room} renderMessage={({ content }) => <p>{content}</p>} {...props} />;
}

const part = (name: string): HTMLElement | null => document.querySelector(`[data-part="${name}"]`);
const scroller = (): HTMLElement => part('scroller') as HTMLElement;
const messageUnderDivider = (): string | null | undefined => part('divider')?.nextElementSibling?.textContent;
const rows = (): (string | null)[] =>
  [...document.querySelectorAll('[data-part="row"] > p:last-child')].map(({ textContent }) => textContent);

function scrollTo(offset: number): void {
  act(() => {
    scroller().scrollTop = offset;
    scroller().dispatchEvent(new Event('scroll'));
  });
}

/** The position of the first row in sight. */
const distanceFromEnd = (): number => scroller().scrollHeight - scroller().scrollTop - listHeight;

describe('the message list', () => {
  test('shows the newest messages first, and only as many rows as are in sight and around', async () => {
    await renderOpenRoom(<Conversation />, { messages: 200 });
    expect(rows().at(-1)).toBe('message 200');
    expect(rows().length).toBeLessThan(40);
    expect(distanceFromEnd()).toBeLessThan(2);
  });

  test('follows new messages while the end is in sight, and stays in place when it is not', async () => {
    const { push, pass } = await renderOpenRoom(<Conversation />, { messages: 100 });
    push(said(101));
    await pass(0);
    expect(distanceFromEnd()).toBeLessThan(2);
    scrollTo(1_000);
    push(said(102));
    await pass(0);
    expect(scroller().scrollTop).toBe(1_000);
    expect(part('jump')?.textContent).toContain('newest');
    fireEvent.click(part('jump') as HTMLElement);
    expect(distanceFromEnd()).toBeLessThan(2);
  });

  test('draws the line above messages that were marked as unread, and leaves them unread', async () => {
    const { system, push, pass } = await renderOpenRoom(<Conversation />, { messages: 5, lastRead: 'm5' });
    const unread = { type: 'message_unread', room_id: roomId, message_id: 'm3', unread_count: 2 };
    push(unread);
    await pass(2_000);
    expect(messageUnderDivider()).toBe('message 4');
    push({ ...unread, message_id: 'm1', unread_count: 4 });
    push(said(6));
    await pass(2_000);
    expect(messageUnderDivider()).toBe('message 2');
    expect(system.requests).not.toContain(`POST /chat/rooms/${roomId}/read/`);
    act(() => void system.client.getSnapshot().rooms[0]?.send('mine'));
    await pass(2_000);
    expect(system.requests).toContain(`POST /chat/rooms/${roomId}/read/`);
  });

  test('shows the user’s own new message, wherever the list was', async () => {
    const { system, pass } = await renderOpenRoom(<Conversation />, { messages: 100 });
    scrollTo(1_000);
    act(() => void system.client.getSnapshot().rooms[0]?.send('mine'));
    await pass(0);
    expect(rows().at(-1)).toBe('mine');
    expect(distanceFromEnd()).toBeLessThan(2);
  });

  test('loads older messages when the user scrolls up, and keeps what they look at in place', async () => {
    const { push, pass, socket } = await renderOpenRoom(<Conversation />, { messages: 100, firstSeq: 51 });
    expect(socket().ofType('history')).toHaveLength(0);
    scrollTo(120);
    expect(socket().ofType('history')).toMatchObject([{ before: 51 }]);
    const older = Array.from({ length: 50 }, (_, index) => said(index + 1));
    const heightBefore = scroller().scrollHeight;
    push([...older, historyEnd(100, { first_seq: 1 })]);
    await pass(0);
    expect(scroller().scrollTop - 120).toBe(scroller().scrollHeight - heightBefore);
    expect(rows()).toContain('message 54');
  });

  test('has a button for older messages at the start, which is disabled while they are loaded', async () => {
    await renderOpenRoom(<Conversation />, { messages: 5, firstSeq: 4 });
    expect(part('older')).toMatchObject({ textContent: 'Loading older messages', disabled: true });
  });

  test('draws a line above the messages that are new when the room opens, and keeps it once they are read', async () => {
    const { push, pass, system } = await renderOpenRoom(<Conversation />, { messages: 3, lastRead: 'm1' });
    expect(messageUnderDivider()).toBe('message 2');
    await pass(2_000);
    expect(system.requests).toContain(`POST /chat/rooms/${roomId}/read/`);
    push(said(4));
    await pass(0);
    expect(messageUnderDivider()).toBe('message 2');
  });

  test('moves the line to the first message that arrives while the page is hidden, and marks nothing as read', async () => {
    const read = { messages: 3, lastRead: 'm3', unread: 0 };
    const { push, pass, system } = await renderOpenRoom(<Conversation />, read);
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    push(said(4));
    push(said(5));
    await pass(2_000);
    expect(system.requests).not.toContain(`POST /chat/rooms/${roomId}/read/`);
    expect(messageUnderDivider()).toBe('message 4');
  });

  test('reads aloud the messages of others that arrive, and no older or own ones', async () => {
    const { push } = await renderOpenRoom(<Conversation />, { messages: 3 });
    expect(part('announcement')?.textContent).toBe('');
    push(said(4, 'hello'));
    expect(part('announcement')?.textContent).toBe('bob: hello');
    push(said(5, 'mine', { sender_id: ann.id, sender_username: 'ann' }));
    expect(part('announcement')?.textContent).toBe('');
  });

  test('moves the focus from message to message by keys, also to those that had no row', async () => {
    const { pass } = await renderOpenRoom(<Conversation />, { messages: 200 });
    const focused = (): string | null | undefined => document.activeElement?.textContent;
    act(() => document.querySelector<HTMLElement>('[data-part="row"][tabindex="0"]')?.focus());
    expect(focused()).toBe('message 200');
    for (const [key, expected] of [
      ['ArrowUp', 'message 199'],
      ['ArrowUp', 'message 198'],
      ['ArrowDown', 'message 199'],
      ['Home', 'message 1'],
      ['ArrowUp', 'message 1'],
      ['End', 'message 200'],
    ] as const) {
      fireEvent.keyDown(document.activeElement as Element, { key });
      await pass(0);
      expect(focused()).toBe(expected);
    }
  });

  test('leaves keys to a field inside of a message', async () => {
    const { pass } = await renderOpenRoom(
      <Conversation renderMessage={() => <input aria-label="edit" />} />,
      { messages: 3 },
    );
    const field = document.querySelector('input') as HTMLInputElement;
    act(() => field.focus());
    fireEvent.keyDown(field, { key: 'Home' });
    await pass(0);
    expect(document.activeElement).toBe(field);
  });

  test('jumps to the first unread message, and loads the pages up to it', async () => {
    const { push, pass, socket } = await renderOpenRoom(<Conversation />, {
      messages: 100,
      firstSeq: 51,
      lastRead: 'm20',
      unread: 80,
    });
    await pass(0);
    const jump = document.querySelector<HTMLElement>('[data-to="unread"]');
    expect(jump?.textContent).toBe('80 unread: jump to the first');
    fireEvent.click(jump as HTMLElement);
    expect(socket().ofType('history')).toMatchObject([{ before: 51 }]);
    const older = Array.from({ length: 50 }, (_, index) => said(index + 1));
    push([...older, historyEnd(100, { first_seq: 1 })]);
    await pass(0);
    await pass(0);
    expect(document.activeElement?.textContent).toContain('message 21');
    const row = document.activeElement as HTMLElement;
    const start = Number.parseFloat(row.style.transform.replace('translateY(', ''));
    expect(Math.abs(scroller().scrollTop - start)).toBeLessThan(rowHeight);
  });

  test('shows what the application renders while there are no messages', async () => {
    await renderOpenRoom(<Conversation renderEmpty={() => <p>Nothing here</p>} />);
    expect(scroller().textContent).toBe('Nothing here');
  });
});
