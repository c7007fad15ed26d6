/** The list of rooms can be used with keys and read aloud. */
import { fireEvent, render } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import type { ListedRoom } from '../../../client/src/index.ts';
import { RoomList } from '../../../client/src/react/index.ts';
import { bob } from '../server-events.ts';
import { useRendering } from './kit.tsx';

useRendering();

const room = (id: string, more: Partial<ListedRoom> = {}): ListedRoom => ({
  room_id: id,
  room_name: `room ${id}`,
  display_name: `room ${id}`,
  created_at: '2027-01-15T08:00:00.000Z',
  creator_id: bob.id,
  creator_username: 'bob',
  description: '',
  is_private: false,
  is_direct: false,
  message_count: 0,
  member_count: 1,
  unread_count: 0,
  last_read_message_id: null,
  last_message: null,
  ...more,
});

const rooms = [room('1'), room('2', { unread_count: 3 }), room('3')];

test('the list names each room with its unread messages, and marks the room that is shown', () => {
  const { getAllByRole } = render(<RoomList rooms={rooms} activeRoomId="3" onOpen={() => {}} />);
  const buttons = getAllByRole('button');
  expect(buttons.map(({ textContent }) => textContent)).toEqual(['room 1 ', 'room 2 33 unread', 'room 3 ']);
  expect(buttons.map((button) => button.getAttribute('aria-current'))).toEqual([null, null, 'true']);
});

test('keys move the focus, the Tab key reaches one room, and a click opens it', () => {
  const onOpen = vi.fn<(room: ListedRoom) => void>();
  const { getAllByRole } = render(<RoomList rooms={rooms} onOpen={onOpen} />);
  const buttons = getAllByRole('button');
  expect(buttons.map(({ tabIndex }) => tabIndex)).toEqual([0, -1, -1]);
  buttons[0]?.focus();
  for (const [key, index] of [
    ['ArrowDown', 1],
    ['ArrowDown', 2],
    ['ArrowDown', 2],
    ['Home', 0],
    ['ArrowUp', 0],
    ['End', 2],
    ['ArrowUp', 1],
  ] as const) {
    fireEvent.keyDown(document.activeElement as Element, { key });
    expect(document.activeElement).toBe(buttons[index]);
  }
  fireEvent.click(buttons[1] as Element);
  expect(onOpen).toHaveBeenCalledWith(rooms[1]);
});
