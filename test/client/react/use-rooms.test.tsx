/** The live list of the user's rooms, which all components share. */
import { act } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useRooms, type Rooms } from '../../../client/src/react/index.ts';
import { ann, roomId } from '../server-events.ts';
import { problem } from '../fake-system.ts';
import { renderOpenRoom, useRendering } from './kit.tsx';

useRendering();

let shown: Rooms[] = [];

function List({ index }: { index: number }) {
  shown[index] = useRooms();
  return null;
}

const myRoom = (name: string, unread_count = 0) => ({
  room_id: roomId,
  room_name: name,
  unread_count,
  last_message: null,
});

async function renderLists() {
  shown = [];
  const rendering = await renderOpenRoom(
    <>
      <List index={0} />
      <List index={1} />
    </>,
  );
  await rendering.pass(0);
  const requestCount = (): number =>
    rendering.system.requests.filter((request) => request === 'GET /chat/rooms/mine/').length;
  const answer = (...rooms: unknown[]): void => {
    rendering.system.answers.set('GET /chat/rooms/mine/', () => Response.json(rooms));
  };
  return { ...rendering, requestCount, answer };
}

test('the list is shared by its components', async () => {
  const { requestCount, answer } = await renderLists();
  const before = requestCount();
  answer(myRoom('plans', 2));
  await act(() => shown[0]!.refresh());
  expect(requestCount()).toBe(before + 1);
  expect(shown[0]).toMatchObject({ rooms: [myRoom('plans', 2)], unread: 2, problem: undefined });
  expect(shown[1]?.rooms).toBe(shown[0]?.rooms);
});

test('a user who is added to a room sees it in the list', async () => {
  const { push, pass, answer } = await renderLists();
  answer(myRoom('new'));
  push({
    type: 'member_added',
    room_id: roomId,
    seq: 1,
    member: { ...ann, role: 'member' },
    room: { room_id: roomId, room_name: 'new' },
  });
  await pass(0);
  expect(shown[0]).toMatchObject({ rooms: [myRoom('new')] });
});

test('activity in a room that is not open changes its number of unread messages', async () => {
  const { push, answer } = await renderLists();
  answer(myRoom('plans'));
  await act(() => shown[0]!.refresh());
  push({ type: 'room_activity', room_id: roomId, head: 1, unread_count: 1, last_message: null });
  expect(shown[1]).toMatchObject({ rooms: [myRoom('plans', 1)], unread: 1 });
});

test('a failed request keeps the list and shows the problem', async () => {
  const { system, answer } = await renderLists();
  answer(myRoom('plans'));
  await act(() => shown[0]!.refresh());
  system.answers.set('GET /chat/rooms/mine/', () => problem(503, 'try_again'));
  await act(() => shown[0]!.refresh());
  expect(shown[0]).toMatchObject({ rooms: [myRoom('plans')], problem: { code: 'try_again' } });
});

test('the list of a user who signs out is emptied', async () => {
  const { system, answer } = await renderLists();
  answer(myRoom('plans'));
  await act(() => shown[0]!.refresh());
  await act(() => system.client.signOut());
  expect(shown[0]!.rooms).toEqual([]);
});
