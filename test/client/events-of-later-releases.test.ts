/** A server of a later release sends events that this client does not know. */
import { expect, test } from 'vitest';
import { createFakeSystem, openRoom } from './fake-system.ts';
import { ann, historyEnd, ready, roomId, said } from './server-events.ts';

const later = (more: object) => ({ type: 'of_a_later_release', room_id: roomId, ...more });

test('keeps the messages of a room, requests nothing and resumes after an unknown event with a seq', async () => {
  const system = createFakeSystem();
  const room = await openRoom(system, 1);
  system.socket().push(later({ seq: 2, message_id: 'm1', message: { message_id: 'm1' }, user_id: ann.id }));
  system.socket().push(said(3));
  await system.clock.advance(20_000);
  expect(room.messages.map(({ seq }) => seq)).toEqual([1, 3]);
  expect(system.socket().ofType('history')).toEqual([]);
  system.socket().cut();
  await system.clock.advance(1_000);
  system.socket().accept();
  expect(system.socket().ofType('join')[0]).toMatchObject({ after: 3 });
  system.socket().push([ready(4), later({ seq: 4 }), historyEnd(4, { first_seq: 4 })]);
  expect(room.messages.map(({ seq }) => seq)).toEqual([1, 3]);
});

test('ignores unknown events without a seq', async () => {
  const system = createFakeSystem();
  const room = await openRoom(system, 1);
  system.socket().push(later({ message_id: 'm1', data: { seq: 9 } }));
  system.socket().push({ type: 'of_a_later_release', list: [1] });
  system.socket().push(said(2));
  expect(room.messages.map(({ seq }) => seq)).toEqual([1, 2]);
});
